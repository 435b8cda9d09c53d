import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowService } from '@temporalio/client';
import proto from '@temporalio/proto';
import { GRPC, grpcCodeOf } from './as-problem.ts';
import { toMs } from './proto-values.ts';

const { VersionDrainageStatus } = proto.temporal.api.enums.v1;

/** A worker deployment of one namespace: https://docs.temporal.io/worker-versioning */
export type Deployment = { readonly service: WorkflowService; readonly namespace: string; readonly name: string };

/** One build of it that Temporal knows. */
export type DeployedBuild = {
  readonly buildId: string;
  /** `current`: new executions start on it. `draining`: it still has some. `drained`: its workers may be stopped. */
  readonly state: 'current' | 'ramping' | 'draining' | 'drained' | 'inactive';
  /** ms; when its first worker came. */
  readonly createdAt: number | null;
};

const PAUSE_MS = 200;

/** The builds, newest first; empty where no worker of the deployment ever came. */
export async function listBuilds({ service, namespace, name }: Deployment): Promise<readonly DeployedBuild[]> {
  const info = await describe({ service, namespace, name });
  const { routingConfig, versionSummaries } = info?.workerDeploymentInfo ?? {};
  const builds = (versionSummaries ?? []).map(({ deploymentVersion, drainageStatus, createTime }): DeployedBuild => {
    const buildId = deploymentVersion?.buildId ?? '';
    const isCurrent = buildId === routingConfig?.currentDeploymentVersion?.buildId;
    const isRamping = buildId === routingConfig?.rampingDeploymentVersion?.buildId;
    const drained = drainageStatus === VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED;
    const draining = drainageStatus === VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINING;
    const other = drained ? 'drained' : draining ? 'draining' : 'inactive';
    return { buildId, state: isCurrent ? 'current' : isRamping ? 'ramping' : other, createdAt: toMs(createTime) };
  });
  return builds.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
}

/**
 * From now on new executions start on this build, and long ones move to it when they continue as new. Waits up to `ms`
 * for its first worker: Temporal knows a build only then.
 * @throws grpc error NOT_FOUND or FAILED_PRECONDITION when none came
 */
export async function setCurrentBuild(deployment: Deployment, buildId: string, ms: number): Promise<void> {
  const { service, namespace, name: deploymentName } = deployment;
  await untilKnown(ms, () => service.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId }));
}

/**
 * The same where the deployment has no current build yet, as then nothing would ever run; of two at once one wins.
 * Returns whether it is current.
 */
export async function setFirstBuild(deployment: Deployment, buildId: string, ms: number): Promise<boolean> {
  const { service, namespace, name: deploymentName } = deployment;
  return await untilKnown(ms, async () => {
    const known = await describe(deployment);
    const current = known?.workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId ?? '';
    if (current !== '') return current === buildId;
    // With the token it is refused when another one was faster.
    const conflictToken = known?.conflictToken ?? new Uint8Array();
    await service.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId, conflictToken });
    return true;
  });
}

async function describe({ service, namespace, name: deploymentName }: Deployment) {
  try {
    return await service.describeWorkerDeployment({ namespace, deploymentName });
  } catch (error) {
    if (grpcCodeOf(error) === GRPC.NOT_FOUND) return undefined;
    throw error;
  }
}

async function untilKnown<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const code = grpcCodeOf(error);
      const isUnknown = code === GRPC.NOT_FOUND || code === GRPC.FAILED_PRECONDITION;
      if (!isUnknown || Date.now() >= end) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
