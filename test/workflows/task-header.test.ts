import { describe, expect, it } from 'vitest';
import type { TaskHeader } from '../../src/contract.ts';
import type { Carrier } from '../../src/task-header.ts';
import { packHeader, unpackHeader } from '../../src/task-header.ts';

const HEADER: TaskHeader = {
  tenant: 'default',
  executionId: 'claim-1',
  executionCreatedAt: '2026-11-26T20:00:00.000Z',
  task: {
    path: '/each[17]/send',
    taskId: 'send',
    type: 'executor',
    executor: 'mail',
    parentPath: '/each[17]',
    itemIndex: 17,
    dependencies: [],
    order: 4,
  },
  maxAttempts: 3,
  startedAt: 1_795_000_000_000,
  idempotencyKey: 'claim-1/each[17]/send',
};
const CARRIER = { workflowId: 'claim-1', activityType: 'mail', activityId: '/each[17]/send' };
const BARE: TaskHeader['task'] = {
  path: '/each[17]/send',
  taskId: 'send',
  type: 'executor',
  dependencies: [],
  order: 4,
};

describe('the header of a task', () => {
  it('holds nothing that the call itself says', () => {
    expect(packHeader(HEADER, CARRIER)).toEqual({
      ...{ c: Date.parse('2026-11-26T20:00:00.000Z'), m: 3, s: 1_795_000_000_000, o: 4 },
    });
  });

  it.each<[string, Partial<TaskHeader>, Partial<Carrier>]>([
    ['as most are', {}, {}],
    ['a local one, whose activity id says nothing', {}, { activityId: undefined }],
    ["accepted at a time that ms don't say", { executionCreatedAt: '2026-11-26T20:00:00.123456Z' }, {}],
    ['of another tenant', { tenant: 'acme' }, { workflowId: 'acme:claim-1' }],
    ['in a shard', {}, { workflowId: 'claim-1~~each~0003' }],
    ['in a shard whose id had to be shortened', {}, { workflowId: 'claim~1f3e~~0003' }],
    ['of a redrive, whose effects are those of its root', { idempotencyKey: 'claim-0/each[17]/send' }, {}],
    ['at a path too long for an activity id', {}, { activityId: '/each[17]/s…' }],
    [
      'of a type of its own, for another executor',
      { task: { ...HEADER.task, type: 'http' } },
      { activityType: 'engine.call' },
    ],
    ['without a parent, an item, an executor', { task: BARE }, {}],
    ['with a title and what it depends on', { task: { ...HEADER.task, title: 'Send', dependencies: ['a', 'b'] } }, {}],
    [
      'beside a task',
      { task: { ...HEADER.task, path: '/each[17]/send~compensate', parentPath: '/each[17]/send' } },
      {},
    ],
    ['at a later visit', { task: { ...HEADER.task, path: '/each[17]/send~2' } }, { activityId: '/each[17]/send~2' }],
    ['tried for ever', { maxAttempts: null }, {}],
  ])('comes out as it went in: %s', (_name, header, carrier) => {
    const whole = { ...HEADER, ...header };
    const seen = { ...CARRIER, ...carrier };
    expect(unpackHeader(JSON.parse(JSON.stringify(packHeader(whole, seen))), seen)).toEqual(whole);
  });
});
