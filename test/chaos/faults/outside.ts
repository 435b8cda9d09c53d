import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../stack/until.ts';
import type { Fault, Scene } from '../fault.ts';
import type { Accepted } from '../load.ts';
import { programs } from '../programs.ts';
import { resetTo } from '../reset-to.ts';
import { startTimed } from '../start-timed.ts';

const slow = programs.find(({ name }) => name === 'chaos-slow')!;
const flaky = programs.find(({ name }) => name === 'chaos-flaky')!;

/** What people do past Weft, in the Temporal UI or with its command line; and callers who repeat themselves. */
export const outsideFaults: readonly Fault[] = [
  {
    kind: 'terminated from outside',
    strike: (scene) =>
      treat(scene, async (one) => {
        one.touches.add('terminated');
        await scene.lab.temporal.workflow.getHandle(one.id).terminate('by chaos');
      }),
  },
  {
    kind: 'cancelled from outside',
    strike: (scene) =>
      treat(scene, async (one) => {
        one.touches.add('cancelled');
        await scene.lab.temporal.workflow.getHandle(one.id).cancel();
      }),
  },
  {
    kind: 'run timeout',
    strike: async (scene) => {
      const [one] = await startTimed(scene, slow, { count: 1, timeout: '2s' });
      return one!.id;
    },
  },
  {
    kind: 'reset from outside',
    strike: (scene) =>
      treat(scene, async (one) => {
        one.touches.add('reset');
        await resetTo(scene, one.id);
      }),
  },
  {
    kind: 'start sent three times at once',
    strike: async ({ load, random }) => {
      const starts = Array.from({ length: 5 }, () => load.startOne(random.pick(programs), 3));
      await Promise.all(starts);
      return '5 starts';
    },
  },
  {
    kind: 'activity reset',
    strike: async (scene) => {
      const { one, activityId } = await pendingActivity(scene);
      await scene.lab.temporal.workflowService.resetActivity({ ...target(scene, one), id: activityId });
      return activityId;
    },
  },
  {
    kind: 'activity paused',
    strike: async (scene) => {
      const { one, activityId } = await pendingActivity(scene);
      const { workflowService } = scene.lab.temporal;
      await workflowService.pauseActivity({ ...target(scene, one), id: activityId });
      await sleep(scene.random.between(1_000, 4_000));
      // It may have ended meanwhile: an attempt under way is not broken off.
      const unpaused = workflowService.unpauseActivity({ ...target(scene, one), id: activityId });
      return `${activityId}${await unpaused.then(
        () => '',
        () => ', which ended',
      )}`;
    },
  },
  {
    kind: 'paused, and goes on',
    strike: (scene) =>
      treat(scene, async (one) => {
        one.touches.add('delayed');
        await order(scene, one, 'pause');
        await sleep(scene.random.between(200, 2_000));
        await order(scene, one, 'resume');
      }),
  },
];

/** Until it is answered, as nobody else would let it go on. @throws Error when it has ended */
async function order({ lab }: Scene, { id }: Accepted, action: 'pause' | 'resume'): Promise<void> {
  await until(`${id}: ${action}`, async () => {
    const answer = await lab.api.developer('POST', `/executions/${id}/${action}`).catch(() => undefined);
    if (answer?.body?.code === 'EXECUTION_ENDED') throw new Error(`${id} has ended`);
    return answer?.status === 200;
  });
}

/** Starts a few and does something to each, early or late. */
async function treat({ load, random }: Scene, treatment: (one: Accepted) => Promise<unknown>): Promise<string> {
  const some = await Promise.all(Array.from({ length: 4 }, () => load.startOne(random.pick(programs))));
  let late = 0;
  for (const one of some) {
    await sleep(random.between(0, 900));
    await treatment(one).catch(() => late++);
  }
  return `${some.length - late} of ${some.length} before their end`;
}

function target({ lab }: Scene, { id }: Accepted) {
  return { namespace: lab.servers.temporal.namespace, execution: { workflowId: id }, identity: 'chaos' };
}

/** A call that is under way. */
async function pendingActivity({ lab, load, random }: Scene): Promise<{ one: Accepted; activityId: string }> {
  const one = await load.startOne(random.pick([slow, flaky]));
  const activityId = await until(`${one.id} makes a call`, async () => {
    const described = await lab.temporal.workflow
      .getHandle(one.id)
      .describe()
      .catch(() => undefined);
    return described?.raw.pendingActivities?.find(({ activityId }) => activityId?.startsWith('/'))?.activityId ?? false;
  });
  one.touches.add('delayed');
  return { one, activityId };
}
