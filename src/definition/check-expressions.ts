import type { Json } from '../contract.ts';
import type { Inspection } from '../expression/inspect.ts';
import { checkVisible } from './check-visible.ts';
import type { Scene } from './check-visible.ts';
import { nearest } from './nearest.ts';
import type { Node } from './outline.ts';
import { walk } from './outline.ts';
import type { Problems } from './problems.ts';
import { createInspector, expressionsAt, expressionsOf } from './read-expressions.ts';
import type { Place } from './read-expressions.ts';
import { rootsAt, WHERE_ROOTS_HOLD } from './roots.ts';

/** What the expressions of one task read, without those of the tasks in it. */
export type Reads = {
  /** `*` for all. */
  readonly vars: readonly { readonly name: string; readonly pointer: string }[];
  readonly tasks: readonly string[];
  /** Fields in which `$result` is read. */
  readonly results: ReadonlySet<string>;
};

/** Every expression parses and reads what is there; gives what each task reads, undefined for the definition itself. */
export function checkExpressions(
  scene: Scene,
  body: { readonly [field: string]: Json },
  problems: Problems,
): ReadonlyMap<Node | undefined, Reads> {
  const inspect = createInspector();
  const reads = new Map<Node | undefined, Reads>();
  const own = [...expressionsAt(body['output'], 'output'), ...expressionsAt(body['vars'], 'vars')];
  reads.set(undefined, readAll(own));
  for (const node of walk(scene.top)) {
    if (problems.isFull()) break;
    reads.set(node, readAll(expressionsOf(node)));
  }
  return reads;

  function readAll(places: readonly Place[]): Reads {
    const found = places.map((place) => ({ place, inspection: inspect(place) }));
    for (const { place, inspection } of found) checkPlace(place, inspection, scene, problems);
    return {
      vars: found.flatMap(({ place, inspection }) => inspection.vars.map((name) => ({ name, pointer: place.pointer }))),
      tasks: found.flatMap(({ inspection }) => inspection.tasks),
      results: new Set(
        found.filter(({ inspection }) => inspection.roots.includes('result')).map(({ place }) => place.field),
      ),
    };
  }
}

function checkPlace(place: Place, inspection: Inspection, scene: Scene, problems: Problems): void {
  const { pointer, offset, expression } = place;
  const roots = rootsAt(place);
  if (expression.startsWith('{%')) {
    problems.add({
      code: 'EXPRESSION_INVALID',
      pointer,
      part: offset,
      message: 'The expression is not closed: %} is missing.',
    });
    return;
  }
  for (const { code, message, position = 0, hint } of inspection.problems) {
    const isRoot = code === 'VARIABLE_UNKNOWN';
    const advice = isRoot ? nearRoot(expression.slice(position), roots) : hint;
    problems.add({
      code: isRoot ? 'ROOT_UNKNOWN' : 'EXPRESSION_INVALID',
      pointer,
      part: offset + position,
      message,
      ...(advice === undefined ? {} : { hint: advice }),
    });
  }
  for (const root of inspection.roots.filter((name) => !roots.includes(name))) {
    const part = offset + Math.max(expression.indexOf(`$${root}`), 0);
    const hint = WHERE_ROOTS_HOLD.get(root);
    problems.add({
      code: 'ROOT_UNKNOWN',
      pointer,
      part,
      message: `There is no $${root} here.`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  if (!roots.includes('tasks')) return;
  for (const id of inspection.tasks) checkVisible(id, place, scene, problems);
}

function nearRoot(text: string, roots: readonly string[]): string {
  const near = nearest(/^\$(\w+)/.exec(text)?.[1] ?? '', roots);
  return near === undefined ? `There are ${roots.map((root) => `$${root}`).join(', ')}.` : `Did you mean '$${near}'?`;
}
