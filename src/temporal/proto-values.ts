import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { Json } from '../contract.ts';

/** ms of a protobuf timestamp, null where there is none. */
export function toMs(
  time: { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined,
): number | null {
  if (!time) return null;
  return Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000);
}

/** ms of a protobuf duration, null where there is none or it is 0. */
export function toDurationMs(duration: Parameters<typeof toMs>[0]): number | null {
  return toMs(duration) || null;
}

/** The JSON value in a payload, null where there is none. */
export function decode(payload: temporal.api.common.v1.IPayload | null | undefined): Json {
  if (!payload) return null;
  const value: unknown = defaultPayloadConverter.fromPayload(payload);
  return (value ?? null) as Json;
}
