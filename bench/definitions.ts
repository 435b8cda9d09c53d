import type { Json } from '../src/contract.ts';
import type { Shape } from './shape.ts';

/** The same work as `hand/workflows.ts`, as definitions. @param says what each task says beside: `local`, or nothing */
export function definitionOf(shape: Shape, says: { readonly local?: boolean }): Json {
  return DEFINITIONS[shape](says);
}

type Says = { readonly local?: boolean };

const DEFINITIONS: { readonly [shape in Shape]: (says: Says) => Json } = {
  three: (says) => ({
    tasks: [
      step('a', 0, says),
      step('b', '{% $tasks.a.output.number %}', says),
      step('c', '{% $tasks.b.output.number %}', says),
    ],
    output: '{% $tasks.c.output.number %}',
  }),
  wide: (says) => over({ maxConcurrency: 1_000 }, says),
  long: (says) => over({ maxConcurrency: 1 }, says),
  approval: () => ({
    tasks: [{ id: 'ask', type: 'approval', title: 'Go on?', assignees: ['manager'] }],
    output: '{% $tasks.ask.output.decidedBy %}',
  }),
};

function over(options: { readonly maxConcurrency: number }, says: Says): Json {
  return {
    tasks: [
      {
        id: 'each',
        type: 'foreach',
        items: '{% [1..$input.count] %}',
        ...options,
        tasks: [step('one', '{% $item %}', says)],
      },
    ],
    output: '{% $count($tasks.each.output) %}',
  };
}

function step(id: string, number: Json, says: Says): Json {
  return { id, type: 'executor', executor: 'step', with: { number, order: '{% $input.order %}' }, ...says };
}
