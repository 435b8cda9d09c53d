import { z } from '@hono/zod-openapi';
import { compileStored } from '../../operations/compile-stored.ts';
import { readDefinition, readDefinitions, readWorkflow, readWorkflows } from '../../operations/read-workflows.ts';
import { removeWorkflow } from '../../operations/remove-workflow.ts';
import { saveDefinition } from '../../operations/save-definition.ts';
import { validateDefinition } from '../../operations/check-definition.ts';
import { mermaid } from '../../plan/diagram.ts';
import { page, readCursor } from '../cursor.ts';
import { listOf, listQuery } from '../list-query.ts';
import { route } from '../route.ts';
import * as schemas from './workflow-schemas.ts';

const tag = 'workflows';

const validate = route(
  {
    method: 'post',
    path: '/workflows/validate',
    permission: 'workflow:read',
    tag,
    summary: 'Check a definition; saves nothing',
    body: 'definition',
    answers: { 200: { description: 'Whether it could be saved, and what is wrong', schema: schemas.validation } },
  },
  (c) => c.json(validateDefinition(c.get('source'), c.get('services').catalog), 200),
);

const save = route(
  {
    method: 'put',
    path: '/workflows/{name}',
    permission: 'workflow:write',
    tag,
    summary: 'Save a version and make it current',
    description: 'The same content again changes nothing; `draft` leaves the current version as it is.',
    query: z.strictObject({ draft: z.stringbool().default(false) }),
    body: 'definition',
    answers: {
      200: { description: 'It was there already', schema: schemas.version },
      201: { description: 'Saved', schema: schemas.version },
    },
    problems: ['DEFINITION_INVALID', 'VERSION_EXISTS', 'PRECONDITION_FAILED'],
  },
  async (c) => {
    const { name } = c.req.valid('param');
    const { isNew, definition } = await saveDefinition(c.get('services'), c.get('principal'), {
      name,
      source: c.get('source'),
      draft: c.req.valid('query').draft,
      ifMatch: c.req.header('if-match'),
      requestId: c.get('requestId'),
    });
    c.header('ETag', `"${definition.contentHash}"`);
    return c.json(schemas.showDefinition(definition), isNew ? 201 : 200);
  },
);

const list = route(
  {
    method: 'get',
    path: '/workflows',
    permission: 'workflow:read',
    tag,
    summary: 'Workflows, newest first',
    query: listQuery.extend({
      q: z.string().max(200).optional().openapi({ description: 'Part of the name or the title' }),
      tag: z.string().max(200).optional(),
      category: z.string().max(200).optional(),
      status: z.enum(['draft', 'active', 'paused', 'archived']).optional(),
    }),
    answers: { 200: { description: 'A page', schema: listOf(schemas.workflowItem) } },
  },
  async (c) => {
    const { cursor, ...filter } = c.req.valid('query');
    const { database } = c.get('services');
    const rows = await readWorkflows(database, c.get('principal'), { ...filter, after: readCursor(cursor) });
    return c.json(page(rows, filter.limit, schemas.showWorkflow), 200);
  },
);

const get = route(
  {
    method: 'get',
    path: '/workflows/{name}',
    permission: 'workflow:read',
    tag,
    summary: 'A workflow with its current definition',
    answers: { 200: { description: 'It', schema: schemas.workflow } },
  },
  async (c) => {
    const { database } = c.get('services');
    const { workflow, current } = await readWorkflow(database, c.get('principal'), c.req.valid('param').name);
    if (current) c.header('ETag', `"${current.contentHash}"`);
    return c.json({ ...schemas.showWorkflow(workflow), definition: current?.definition ?? null }, 200);
  },
);

const remove = route(
  {
    method: 'delete',
    path: '/workflows/{name}',
    permission: 'workflow:delete',
    tag,
    summary: 'Delete a workflow',
    description: 'Nothing new starts from it, what runs goes on; saving under its name revives it.',
    answers: { 204: { description: 'Deleted' } },
  },
  async (c) => {
    const { name } = c.req.valid('param');
    await removeWorkflow(c.get('services').database, c.get('principal'), { name, requestId: c.get('requestId') });
    return c.body(null, 204);
  },
);

const versions = route(
  {
    method: 'get',
    path: '/workflows/{name}/versions',
    permission: 'workflow:read',
    tag,
    summary: 'The versions of a workflow, newest first',
    query: listQuery,
    answers: { 200: { description: 'A page', schema: listOf(schemas.versionItem) } },
  },
  async (c) => {
    const { cursor, limit } = c.req.valid('query');
    const { name } = c.req.valid('param');
    const { database } = c.get('services');
    const rows = await readDefinitions(database, c.get('principal'), name, { limit, after: readCursor(cursor) });
    return c.json(page(rows, limit, schemas.showVersion), 200);
  },
);

const version = route(
  {
    method: 'get',
    path: '/workflows/{name}/versions/{version}',
    permission: 'workflow:read',
    tag,
    summary: 'One version of a workflow',
    answers: { 200: { description: 'It', schema: schemas.version } },
  },
  async (c) => {
    const { name, version } = c.req.valid('param');
    const definition = await readDefinition(c.get('services').database, c.get('principal'), name, version);
    c.header('ETag', `"${definition.contentHash}"`);
    return c.json(schemas.showDefinition(definition), 200);
  },
);

const diagram = route(
  {
    method: 'get',
    path: '/workflows/{name}/diagram',
    permission: 'workflow:read',
    tag,
    summary: 'A workflow as a Mermaid diagram',
    query: z.strictObject({ version: z.string().max(32).optional() }),
    answers: { 200: { description: 'Mermaid text', contentType: 'text/plain' } },
    problems: ['DEFINITION_INVALID'],
  },
  async (c) => {
    const services = c.get('services');
    const who = c.get('principal');
    const { id } = await readDefinition(
      services.database,
      who,
      c.req.valid('param').name,
      c.req.valid('query').version,
    );
    return c.text(mermaid(await compileStored(services, who.tenant, id)), 200);
  },
);

/** Routes of workflows and their versions. */
export const workflowRoutes = [validate, save, list, get, remove, versions, version, diagram];
