import { z } from '@hono/zod-openapi';
import type { StoredTemplate, TemplateText } from '../../store/templates.ts';

const time = z.iso.datetime();

export const templateItem = z
  .object({
    code: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    createdBy: z.string(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('TemplateItem');

export const template = templateItem
  .extend({
    body: z.unknown().openapi({ description: 'A definition with `{{ name }}` for its parameters' }),
    parameters: z.unknown().openapi({ description: 'JSON Schema of the parameters' }),
  })
  .openapi('Template');

export const templateBody = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    description: z.string().max(10_000).optional(),
    body: z
      .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
      .openapi({ description: 'A definition in any dialect; texts in it may hold `{{ name }}`' }),
    parameters: z
      .record(z.string(), z.unknown())
      .default({})
      .openapi({ description: 'JSON Schema of the parameters, with their defaults' }),
  })
  .openapi('TemplateBody');

export const instantiation = z
  .strictObject({
    name: z.string().openapi({ description: "The workflow's" }),
    parameters: z.record(z.string(), z.unknown()).default({}),
  })
  .openapi('Instantiation');

/** A template as lists show it. */
export function showItem({ code, name, description, createdBy, createdAt, updatedAt }: StoredTemplate) {
  return { code, name, description, createdBy, createdAt, updatedAt };
}

/** A template with its text. */
export function showTemplate(of: TemplateText) {
  return { ...showItem(of), body: of.body, parameters: of.parameters };
}
