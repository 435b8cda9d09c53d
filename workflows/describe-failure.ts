import type { ApplicationFailure } from '@temporalio/common';

const CODE = /^[A-Z][A-Z0-9_]{0,99}$/;

/** Code and detail of what an activity failed with: in any language the failure's type is the code, where it is one. */
export function describeFailure({ type, message }: Pick<ApplicationFailure, 'type' | 'message'>): {
  readonly code: string;
  readonly detail: string;
} {
  if (type && CODE.test(type)) return { code: type, detail: message };
  // What the SDKs of TypeScript and Python answer to an activity type that they don't have.
  if (type === 'NotFoundError' && message.startsWith('Activity function ')) {
    return { code: 'EXECUTOR_UNKNOWN', detail: message };
  }
  return { code: 'EXECUTOR_FAILED', detail: type ? `${type}: ${message}` : message };
}
