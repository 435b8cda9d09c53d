import { z } from '@hono/zod-openapi';
import type { Definition, DefinitionText } from '../../store/definitions.ts';
import type { Workflow } from '../../store/workflows.ts';

const time = z.iso.datetime();

export const workflowItem = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    status: z.enum(['draft', 'active', 'paused', 'archived']),
    category: z.string().nullable(),
    tags: z.array(z.string()),
    version: z.string().nullable().openapi({ description: 'The current version; null while there are drafts only' }),
    owner: z.string(),
    createdAt: time,
    updatedAt: time,
    publishedAt: time.nullable(),
  })
  .openapi('WorkflowItem');

export const workflow = workflowItem
  .extend({
    definition: z.unknown().openapi({ description: 'The current definition, null while there are drafts only' }),
  })
  .openapi('Workflow');

export const versionItem = z
  .object({
    workflow: z.string(),
    version: z.string(),
    number: z.int().openapi({ description: 'Position among the versions, from 1' }),
    state: z.enum(['draft', 'published']),
    current: z.boolean(),
    compileState: z.enum(['pending', 'valid', 'invalid']),
    contentHash: z.string(),
    createdBy: z.string(),
    createdAt: time,
    publishedAt: time.nullable(),
  })
  .openapi('VersionItem');

export const version = versionItem
  .extend({ definition: z.unknown(), source: z.string().openapi({ description: 'As it was sent' }) })
  .openapi('Version');

export const validation = z
  .object({
    valid: z.boolean(),
    problems: z.array(
      z.object({
        pointer: z.string(),
        line: z.int().optional(),
        column: z.int().optional(),
        code: z.string(),
        message: z.string(),
        hint: z.string().optional(),
      }),
    ),
  })
  .openapi('Validation');

/** A workflow as lists show it. */
export function showWorkflow(of: Workflow) {
  const { name, title, description, status, category, tags, version, owner, createdAt, updatedAt, publishedAt } = of;
  return { name, title, description, status, category, tags, version, owner, createdAt, updatedAt, publishedAt };
}

/** A version as lists show it. */
export function showVersion(definition: Definition) {
  const { workflow, version, number, state, current, compileState, contentHash } = definition;
  const { createdBy, createdAt, publishedAt } = definition;
  return { workflow, version, number, state, current, compileState, contentHash, createdBy, createdAt, publishedAt };
}

/** A version with its text. */
export function showDefinition(definition: DefinitionText) {
  return { ...showVersion(definition), definition: definition.definition, source: definition.source };
}
