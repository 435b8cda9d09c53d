import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { definitionJsonSchema } from '../definition/json-schema.ts';
import { openApiDocument } from './openapi.ts';
import { problemsPage } from './problems-page/problems-page.ts';
import { PAGE_POLICY } from './security-headers.ts';
import type { ApiEnv } from './services.ts';

const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

const START = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });";

/** What describes the API, all of it served from here and without a key: OpenAPI, its page, the problems, the language's JSON Schema. */
export function addDocs(app: OpenAPIHono<ApiEnv>): void {
  let document: object | undefined;
  app.get('/', (c) => c.redirect('/docs'));
  app.get('/openapi.json', (c) => c.json((document ??= openApiDocument(app))));
  app.get('/schemas/definition.json', (c) =>
    c.json(definitionJsonSchema(), 200, { 'content-type': 'application/schema+json' }),
  );
  app.get('/docs', (c) => c.html(docsPage(), 200, { 'Content-Security-Policy': PAGE_POLICY }));
  app.get('/docs/problems', (c) =>
    c.html(problemsPage(c.get('services').catalog), 200, { 'Content-Security-Policy': PAGE_POLICY }),
  );
  app.get('/docs/start.js', (c) => c.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(`/docs/${name}`, async (c) =>
      c.body(await readFile(join(folder, name)), 200, { 'content-type': type, 'cache-control': 'max-age=3600' }),
    );
  }
}

function docsPage() {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Weft: the API</title>
        <link rel="stylesheet" href="/docs/swagger-ui.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <div id="docs"></div>
        <script src="/docs/swagger-ui-bundle.js"></script>
        <script src="/docs/start.js"></script>
      </body>
    </html>`;
}
