import { describe, expect, it } from 'vitest';
import type { RunInput } from '../../src/contract.ts';
import { packInput, unpackInput } from '../../src/run-input.ts';

const createdAt = '2026-11-27T21:47:39.129Z';
const usual: RunInput = {
  engineVersion: 2,
  tenant: 'default',
  execution: { id: 'e1', rootId: 'e1', workflow: 'w', version: '3', correlationId: null, createdAt },
  startedBy: 'ada',
  plan: { planVersion: 1, name: 'w', version: '3', tasks: [], totalTasks: 0 },
  input: { count: 3 },
  localActivities: true,
};
const carrier = { workflowId: 'e1', workflowType: 'w', acceptedAt: createdAt };

const there = (input: RunInput, by = carrier): RunInput =>
  unpackInput(JSON.parse(JSON.stringify(packInput(input, by))), by);

describe('the input of a run on its way', () => {
  it('leaves out what its workflow says', () => {
    expect(packInput(usual, carrier)).toEqual({
      execution: { version: '3' },
      startedBy: 'ada',
      plan: { tasks: [] },
      input: { count: 3 },
    });
    expect(there(usual)).toEqual(usual);
  });

  const others: readonly [string, Partial<RunInput>, typeof carrier?][] = [
    ['another tenant', { tenant: 'acme' }, { ...carrier, workflowId: 'acme:e1' }],
    ['an engine of before', { engineVersion: 1 }],
    ['no local activities', { localActivities: false }],
    ['a redrive', { execution: { ...usual.execution, rootId: 'e0', correlationId: 'c' } }],
    ['another time than its memo says', { execution: { ...usual.execution, createdAt: '2026-01-01T00:00:00.000Z' } }],
    ['a plan of another name', { plan: { ...usual.plan, name: 'x', version: '1', totalTasks: 4 } }],
    ['a parent and what was carried over', { parent: { executionId: 'p', path: '/a' }, carried: { ord: 1 } }],
    ['a shard', {}, { ...carrier, workflowId: 'e1~~each~0001' }],
    ['a foreign id', {}, { ...carrier, workflowId: 'replay-1', workflowType: 'y' }],
  ];
  it.each(others)('with %s', (_, change, by) => {
    const input = { ...usual, ...change };
    expect(there(input, by)).toEqual(input);
  });

  it('is the same when it was never packed', () => {
    expect(unpackInput(usual as never, { ...carrier, workflowId: 'other', acceptedAt: undefined })).toEqual(usual);
  });

  it('has its time in itself where no memo says it', () => {
    const packed = packInput(usual, { ...carrier, acceptedAt: undefined });
    expect(packed.execution).toEqual({ version: '3', createdAt });
  });
});
