import type { Json } from '../../contract.ts';
import { makeFromTemplate } from '../../operations/make-from-template.ts';
import { readTemplate, readTemplates } from '../../operations/read-templates.ts';
import { removeTemplate } from '../../operations/remove-template.ts';
import { saveTemplate } from '../../operations/save-template.ts';
import { page, readCursor } from '../cursor.ts';
import { listOf, listQuery } from '../list-query.ts';
import { route } from '../route.ts';
import * as schemas from './template-schemas.ts';
import { showDefinition, version } from './workflow-schemas.ts';

const tag = 'templates';

const list = route(
  {
    method: 'get',
    path: '/templates',
    permission: 'workflow:read',
    tag,
    summary: 'Templates, newest first',
    query: listQuery,
    answers: { 200: { description: 'A page', schema: listOf(schemas.templateItem) } },
  },
  async (c) => {
    const { cursor, limit } = c.req.valid('query');
    const { database } = c.get('services');
    const rows = await readTemplates(database, c.get('principal'), { limit, after: readCursor(cursor) });
    return c.json(page(rows, limit, schemas.showItem), 200);
  },
);

const get = route(
  {
    method: 'get',
    path: '/templates/{code}',
    permission: 'workflow:read',
    tag,
    summary: 'A template with its definition and its parameters',
    answers: { 200: { description: 'It', schema: schemas.template } },
  },
  async (c) => {
    const template = await readTemplate(c.get('services').database, c.get('principal'), c.req.valid('param').code);
    return c.json(schemas.showTemplate(template), 200);
  },
);

const save = route(
  {
    method: 'put',
    path: '/templates/{code}',
    permission: 'workflow:write',
    tag,
    summary: 'Save a template',
    description: 'Its body is a definition in any dialect; `{{ name }}` in its texts stands for a parameter.',
    body: schemas.templateBody,
    answers: {
      200: { description: 'Changed', schema: schemas.template },
      201: { description: 'Saved', schema: schemas.template },
    },
    problems: ['DEFINITION_INVALID'],
  },
  async (c) => {
    const { name, description, body, parameters } = c.req.valid('json');
    const { isNew, template } = await saveTemplate(c.get('services').database, c.get('principal'), {
      code: c.req.valid('param').code,
      name,
      description: description ?? null,
      body: body as Json,
      parameters: parameters as Json,
      requestId: c.get('requestId'),
    });
    return c.json(schemas.showTemplate(template), isNew ? 201 : 200);
  },
);

const remove = route(
  {
    method: 'delete',
    path: '/templates/{code}',
    permission: 'workflow:delete',
    tag,
    summary: 'Delete a template',
    description: 'What was made of it stays; saving under its code revives it.',
    answers: { 204: { description: 'Deleted' } },
  },
  async (c) => {
    const { code } = c.req.valid('param');
    await removeTemplate(c.get('services').database, c.get('principal'), { code, requestId: c.get('requestId') });
    return c.body(null, 204);
  },
);

const instantiate = route(
  {
    method: 'post',
    path: '/templates/{code}/instantiate',
    permission: 'workflow:write',
    tag,
    summary: 'Make a workflow of a template',
    description: 'There must be none of that name yet.',
    body: schemas.instantiation,
    answers: { 201: { description: 'Made', schema: version } },
    problems: ['INPUT_INVALID', 'DEFINITION_INVALID', 'CONFLICT'],
  },
  async (c) => {
    const { name, parameters } = c.req.valid('json');
    const definition = await makeFromTemplate(c.get('services'), c.get('principal'), {
      code: c.req.valid('param').code,
      name,
      parameters: parameters as { [name: string]: Json },
      requestId: c.get('requestId'),
    });
    c.header('ETag', `"${definition.contentHash}"`);
    return c.json(showDefinition(definition), 201);
  },
);

/** Routes of templates. */
export const templateRoutes = [list, get, save, remove, instantiate];
