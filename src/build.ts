/** Builds what the sources need to run: the synchronous JSONata and the workflow bundle. Quick when all of it is fresh. */
import { join } from 'node:path';
import { buildBundle } from './build/bundle.ts';
import { buildJsonata } from './build/jsonata.ts';

const project = join(import.meta.dirname, '..');
const output = join(project, '.build');
await buildJsonata(project, output);
if (await buildBundle(project, join(output, 'workflows.js'))) console.log('Built the workflow bundle.');
