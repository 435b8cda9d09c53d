import type { Json } from '../../contract.ts';
import { didYouMean } from '../nearest.ts';
import { isList, isObject, isText, outlineOf, walk } from '../outline.ts';
import { inside } from '../pointer.ts';
import { taskTypes } from '../schema/tasks.ts';
import type { Context, Dialect } from './dialect.ts';
import { createLegalIds, isLegalId } from './legal-ids.ts';
import type { Origins } from './origins.ts';
import { createOrigins } from './origins.ts';
import type { StepKind } from './step-fields.ts';
import { fieldsOf } from './step-fields.ts';

/** Names of step types that the language has other words for. */
const EXECUTORS: ReadonlyMap<string, string> = new Map([['webhook', 'http']]);
type Fields = { readonly [field: string]: Json };
type Step = { readonly fields: Fields; readonly pointer: string };

/** `[{step_name, step_type, config}]`, in order, alone or as `steps` beside the native top-level fields. */
export const steps: Dialect = {
  fits: (body) => isList(body) || (isObject(body) && body['steps'] !== undefined),
  translate: (body, context) => {
    const { problems } = context;
    const { steps: listed, ...own } = isObject(body) ? body : { steps: body };
    const at = isObject(body) ? '/steps' : '';
    if (own['tasks'] !== undefined) {
      const message = "Beside 'steps' there are no 'tasks'.";
      problems.add({ code: 'FIELD_MISPLACED', pointer: '/tasks', part: 'key', message });
    }
    if (!isList(listed) || listed.length === 0) {
      const missing = listed === undefined;
      const message = missing ? "'steps' is missing." : "'steps' must be a list that isn't empty.";
      problems.add({ code: missing ? 'FIELD_MISSING' : 'FIELD_INVALID', pointer: at, message });
      return undefined;
    }
    const written = listed.flatMap((step, i) => readStep(step, inside(at, i), context) ?? []);
    if (written.length === 0) return undefined;
    const origins = createOrigins();
    origins.put('/tasks', at);
    const tasks = written.map((step, i) => translateStep(step, inside('/tasks', i), origins, context));
    const legalId = createLegalIds('step', idsIn(tasks));
    const withIds = tasks.map((task, i): Json => {
      const name = written[i]?.fields['step_name'];
      return task['id'] === undefined ? { ...task, id: legalId(isText(name) ? name.toLowerCase() : '') } : task;
    });
    return { body: { ...own, tasks: withIds }, originOf: origins.of };
  },
};

function translateStep({ fields, pointer: origin }: Step, pointer: string, origins: Origins, context: Context): Fields {
  const kind = kindOf(fields['step_type']);
  const { step_name: title } = fields;
  const task: { [field: string]: Json } = { ...(isText(title) ? { title } : {}), ...kind };
  const input: { [field: string]: Json } = {};
  origins.put(pointer, origin, inside(origin, 'config'));
  for (const field of ['type', 'executor']) origins.put(inside(pointer, field), inside(origin, 'step_type'));
  for (const field of ['id', 'title']) origins.put(inside(pointer, field), inside(origin, 'step_name'));
  if (kind.executor !== undefined) {
    task['with'] = input;
    origins.put(inside(pointer, 'with'), inside(origin, 'config'));
  }
  const entry = context.catalog.find(({ name }) => name === kind.executor);
  const seen = new Set<string>();
  for (const { path, value, origin: from, parts } of fieldsOf(fields, origin, kind, entry)) {
    const at = inside(pointer, ...path);
    const [name, inputName] = path;
    if (seen.has(at)) {
      const message = `'${name}' is said twice, in the config and beside it.`;
      context.problems.add({ code: 'FIELD_INVALID', pointer: from, part: 'key', message });
    }
    seen.add(at);
    if (inputName === undefined) task[name] = value;
    else input[inputName] = value;
    origins.put(at, from);
    for (const part of parts) origins.put(inside(at, part.name), part.origin);
  }
  return task;
}

function readStep(step: Json, pointer: string, { catalog, problems }: Context): Step | undefined {
  if (!isObject(step)) {
    problems.add({ code: 'FIELD_INVALID', pointer, message: 'A step must be an object.' });
    return undefined;
  }
  const { step_name: name, step_type: type, config } = step;
  for (const [field, value] of Object.entries({ step_name: name, step_type: type })) {
    const at = inside(pointer, field);
    if (value === undefined) problems.add({ code: 'FIELD_MISSING', pointer: at, message: `'${field}' is missing.` });
    else if (!isText(value) || value.trim() === '')
      problems.add({ code: 'FIELD_INVALID', pointer: at, message: `'${field}' must be a text that isn't empty.` });
  }
  if (config !== undefined && config !== null && !isObject(config)) {
    problems.add({ code: 'FIELD_INVALID', pointer: inside(pointer, 'config'), message: "'config' must be an object." });
  }
  if (!isText(type) || type.trim() === '') return undefined;
  const { executor } = kindOf(type);
  const executors = catalog.map((entry) => entry.name);
  if (executor !== undefined && !executors.includes(executor)) {
    const known = [...executors, ...EXECUTORS.keys(), ...Object.keys(taskTypes)];
    const hint = didYouMean(type, known).hint ?? `There are ${known.join(', ')}.`.slice(0, 500);
    const message = `There is no executor '${executor}'.`;
    problems.add({ code: 'EXECUTOR_UNKNOWN', pointer: inside(pointer, 'step_type'), message, hint });
  }
  return { fields: step, pointer };
}

/** A task type is one; any other name is that of an executor. */
function kindOf(stepType: Json | undefined): StepKind {
  const name = isText(stepType) ? stepType : '';
  if (Object.hasOwn(taskTypes, name)) return { type: name };
  return { type: 'executor', executor: EXECUTORS.get(name) ?? name };
}

/** What is an id already, also of the tasks in a step's own lists. */
function idsIn(tasks: readonly Json[]): readonly string[] {
  return [...walk(outlineOf({ tasks }))].map(({ id }) => id).filter(isLegalId);
}
