import { html, raw } from 'hono/html';
import type { CatalogEntry } from '../../definition/compile.ts';
import type { Place, Section } from './sections.ts';
import { anchorOf, problemSections } from './sections.ts';

const STYLE = `
body { font: 16px/1.5 system-ui; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h2 { font-family: ui-monospace, monospace; font-size: 1.1rem; margin-top: 2.5rem; }
h3 { font-size: 1rem; margin-bottom: 0.25rem; }
pre { background: #f4f4f4; overflow-x: auto; padding: 0.75rem; }
section:target { background: #ffd; outline: 0.75rem solid #ffd; }
nav a { display: inline-block; margin-right: 1rem; }
`;

/** The page that the `type` of every problem leads to; nothing on it comes from elsewhere. */
export function problemsPage(catalog: readonly CatalogEntry[]) {
  const sections = problemSections(catalog);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Weft: problems</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>Problems</h1>
        <p>
          Errors over HTTP are <code>application/problem+json</code>, and the error of an execution is
          <code>{code, detail, task, attempt, cause?}</code>: <code>code</code> is one of these, or an executor's own.
        </p>
        <nav>${sections.map(({ code }) => html`<a href="#${anchorOf(code)}">${code}</a> `)}</nav>
        ${sections.map(sectionPart)}
      </body>
    </html>`;
}

function sectionPart({ code, places }: Section) {
  return html`<section id="${anchorOf(code)}">
    <h2>${code}</h2>
    ${places.map(placePart)}
  </section> `;
}

function placePart({ where, means, todo, example }: Place) {
  return html`<h3>${where}</h3>
    <p>${spans(means)}</p>
    ${example === undefined ? '' : html`<pre>${example.text.trimEnd()}</pre>`}
    ${example?.answer === undefined ? '' : html`<pre>${example.answer}</pre>`}
    <p>${spans(todo)}</p>`;
}

/** Code between backticks; links lead to pages that are not served here, so only their words are. */
function spans(text: string) {
  const plain = text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
  return plain.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}
