import { ApplicationFailure, defaultPayloadConverter, RawValue } from '@temporalio/common';
import {
  ActivityCancellationType,
  CancellationScope,
  ChildWorkflowCancellationType,
  currentUpdateInfo,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  patched,
  proxySinks,
  scheduleActivity,
  scheduleLocalActivity,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Json, RunInput, Updates } from '../src/contract.ts';
import type { MirrorSinks, Signals } from '../src/messages.ts';
import { INLINE } from '../src/contract.ts';
import { workflowIdOf } from '../src/ids.ts';
import { retryPolicyOf } from '../src/plan/retry-policy.ts';
import { packInput } from '../src/run-input.ts';
import type { Call, Host, LocalCall, Receiver, Scope } from './host.ts';
import { createOneByOne } from './one-by-one.ts';
import { Cancelled, TaskError } from './outcome.ts';
import { withHeader } from './path-header.ts';
import { translateFailure } from './translate-failure.ts';

/** A retry that would keep the workflow task open for longer than this goes through a timer instead. */
const LOCAL_RETRY_THRESHOLD = 500;

/** The host on Temporal, for the execution's root scope. */
export function createTemporalHost(input: RunInput): Host {
  const { mirror } = proxySinks<MirrorSinks>();
  const subject = {
    tenant: input.tenant,
    executionId: input.execution.id,
    executionCreatedAt: input.execution.createdAt,
  };

  const results = createOneByOne();

  function hostOf(scope: CancellationScope): Scope {
    const cancelled: Promise<never> = scope.cancelRequested.catch(() => {
      throw new Cancelled();
    });
    cancelled.catch(() => undefined);

    const within = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await scope.run(work);
      } catch (error) {
        throw translateFailure(error, scope);
      }
    };

    return {
      now: () => {
        // Asked wherever a task begins, ends or is told of.
        results.stir();
        return Date.now();
      },
      random: () => Math.random(),
      patched,
      cancelled,
      isCancelled: () => {
        results.stir();
        return scope.consideredCancelled;
      },
      sleep: (ms, summary) => within(() => sleep(Math.max(ms, 1), { summary: summary.slice(0, 200) })),
      call: (call) =>
        within(() => scheduleActivity<Json>(call.name, [argumentOf(call)], withHeader(optionsOf(call), call.header))),
      callLocal: (call) =>
        within(async () => {
          results.stir();
          const options = withHeader(localOptionsOf(call), call.header);
          try {
            return await scheduleLocalActivity<Json>(call.name, [inline(call.input)], options);
          } finally {
            await results.turn();
          }
        }),
      scope: () => {
        results.stir();
        return hostOf(new CancellationScope({ cancellable: true, parent: scope }));
      },
      shield: () => hostOf(new CancellationScope({ cancellable: false, parent: scope })),
      cancel: () => {
        scope.cancel();
      },
      report: (transition) => {
        mirror.transition(subject, transition);
      },
      handOver: (handOver) => {
        mirror.handOver(handOver);
      },
      handOverAhead: (transitions) => {
        const isHeard = !workflowInfo().unsafe.isReplaying;
        if (isHeard) mirror.handOverAhead({ ...subject, transitions });
        return isHeard;
      },
      describe: setCurrentDetails,
      receive,
      hear,
      tell: (executionId, name, signal) =>
        within(() =>
          getExternalWorkflowHandle(workflowIdOf(input.tenant, executionId)).signal(
            defineSignal<[unknown]>(name),
            signal,
          ),
        ),
      startShard: (shard, id) =>
        within(async () => {
          const { workflowType } = workflowInfo();
          const workflowId = workflowIdOf(input.tenant, id);
          const handle = await startChild(workflowType, {
            workflowId,
            args: [packInput(shard, { workflowId, workflowType, acceptedAt: undefined })],
            // It outlives this run; its execution ends it.
            parentClosePolicy: ParentClosePolicy.ABANDON,
            cancellationType: ChildWorkflowCancellationType.ABANDON,
          });
          return { closed: handle.result().then(noop, noop) };
        }),
      cancelShard: (id) => within(() => getExternalWorkflowHandle(workflowIdOf(input.tenant, id)).cancel()),
      history: () => {
        const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
        return { events: historyLength, bytes: historySize, isLong: continueAsNewSuggested };
      },
    };
  }

  return hostOf(CancellationScope.current());
}

const noop = (): void => undefined;

/** On another task queue there may be a worker of another language, which reads no `weft.payloads`. */
function argumentOf({ input, taskQueue }: Call): unknown {
  return taskQueue === undefined ? input : inline(input);
}

/** A local activity's input never leaves the worker: with PostgreSQL away it arrives all the same. */
function inline(input: unknown): RawValue {
  const payload = defaultPayloadConverter.toPayload(input);
  return RawValue.fromPayload({ ...payload, metadata: { ...payload.metadata, [INLINE]: new Uint8Array() } });
}

function localOptionsOf(call: LocalCall) {
  return {
    summary: call.summary,
    startToCloseTimeout: call.timeout,
    ...(call.totalTimeout === undefined ? {} : { scheduleToCloseTimeout: call.totalTimeout }),
    localRetryThreshold: LOCAL_RETRY_THRESHOLD,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: retryPolicyOf(call.retry),
  };
}

function optionsOf(call: Call) {
  return {
    activityId: call.id,
    summary: call.summary,
    startToCloseTimeout: call.timeout,
    ...(call.totalTimeout === undefined ? {} : { scheduleToCloseTimeout: call.totalTimeout }),
    ...(call.heartbeatTimeout === undefined ? {} : { heartbeatTimeout: call.heartbeatTimeout }),
    ...(call.taskQueue === undefined ? {} : { taskQueue: call.taskQueue }),
    // Of 1 to 5; 3 unless it is said.
    ...(call.isUrgent === true ? { priority: { priorityKey: 1 } } : {}),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: retryPolicyOf(call.retry),
  };
}

function hear<Name extends keyof Signals>(name: Name, handle: (signal: Signals[Name]) => void): void {
  setHandler(defineSignal<[Signals[Name]]>(name), handle);
}

function receive<Name extends keyof Updates>(name: Name, receiver: Receiver<Name>): void {
  type Request = Updates[Name]['request'];
  const update = defineUpdate<Updates[Name]['answer'], [Request]>(name);
  const id = (): string => currentUpdateInfo()?.id ?? '';
  const handle = (request: Request) => {
    const answer = refusable(() => receiver.handle(request, id()));
    return answer instanceof Promise ? answer.catch(refuse) : answer;
  };
  setHandler(update, handle, {
    validator: (request: Request) => {
      refusable(() => {
        receiver.validate(request, id());
      });
    },
  });
}

/** A refusal reaches the caller as a failure of the update, never of the execution. */
function refusable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof TaskError)) throw error;
  throw ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: true,
    details: error.data === undefined ? [] : [error.data],
  });
}
