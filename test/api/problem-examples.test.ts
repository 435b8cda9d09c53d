import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTTP_NOTES } from '../../src/api/problems-page/http-notes.ts';
import type { ExampleRequest } from '../../src/api/problems-page/note.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

async function send({ method, path, body, headers }: ExampleRequest) {
  const { authorization, ...others } = headers ?? {};
  if (authorization === undefined) return api.call('developer', method, path, body, others);
  const response = await api.request(`/api/v1${path}`, { method, headers: { authorization } });
  return { status: response.status, body: (await response.json()) as { readonly code: string } };
}

describe('the requests that docs/problems.md shows', () => {
  const examples = Object.entries(HTTP_NOTES).flatMap(([code, { example }]) => (example ? [{ code, ...example }] : []));
  it.each(examples)('$code', async ({ code, before = [], request }) => {
    for (const earlier of before) expect((await send(earlier)).status).toBeLessThan(300);
    const { body } = await send(request);
    expect(body).toMatchObject({ code, type: `/docs/problems#${code}` });
  });

  it('lead to a section of the page', async () => {
    const page = await (await api.request('/docs/problems')).text();
    for (const { code } of examples) expect(page).toContain(`<section id="${code}">`);
  });
});
