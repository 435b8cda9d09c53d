/**
 * A thread for workflows: the SDK's own, without its hook into promises; and what a workflow tells its sinks comes along
 * with what came of its activation, instead of being asked for by another message.
 */
import { parentPort } from 'node:worker_threads';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import '@temporalio/worker/lib/workflow/workflow-worker-thread.js';

// It notes where each promise was made, for the Call Stack tab of the Temporal UI. Elsewhere than on Node there is none.
globalHandlers.setPromiseHook = () => undefined;

const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (response) => {
  const output = response.result?.output;
  if (output?.type === 'activation-completion') output.calls = sinkCallsOf(output.completion.runId);
  post(response);
};

function sinkCallsOf(runId) {
  const { activator } = ReusableVMWorkflowCreator.workflowByRunId.get(runId);
  return activator.getAndResetSinkCalls().map((call) => {
    const { unsafe, ...workflowInfo } = call.workflowInfo;
    // Its functions don't get to another thread, which has its own.
    const { isReplaying, isReplayingHistoryEvents } = unsafe;
    return { ...call, workflowInfo: { ...workflowInfo, unsafe: { isReplaying, isReplayingHistoryEvents } } };
  });
}
