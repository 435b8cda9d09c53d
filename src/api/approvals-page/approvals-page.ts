import { readFileSync } from 'node:fs';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../services.ts';

const FILES: { readonly [name: string]: string } = {
  'page.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'api.js': 'text/javascript; charset=utf-8',
  'card.js': 'text/javascript; charset=utf-8',
  'element.js': 'text/javascript; charset=utf-8',
  'field.js': 'text/javascript; charset=utf-8',
  'form.js': 'text/javascript; charset=utf-8',
  'words.js': 'text/javascript; charset=utf-8',
};

/** Scripts and styles from files of our own alone, nothing inline; no other site may frame the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** `/approvals`: a person's inbox as one plain page. It shows nothing before a key is typed in, so it is open to all. */
export function addApprovalsPage(app: OpenAPIHono<ApiEnv>): void {
  for (const [name, contentType] of Object.entries(FILES)) {
    const body = readFileSync(new URL(name, import.meta.url), 'utf8');
    app.get(name === 'page.html' ? '/approvals' : `/approvals/${name}`, (c) =>
      c.body(body, 200, {
        'Content-Type': contentType,
        'Content-Security-Policy': POLICY,
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-cache',
      }),
    );
  }
}
