/** What the API answers, as its own schemas say; only their types come over. */
import type { z } from '@hono/zod-openapi';
import type { approval } from '../api/routes/approval-schemas.ts';
import type { event } from '../api/routes/events.ts';
import type { execution, executionItem, task } from '../api/routes/execution-schemas.ts';
import type { verification } from '../api/routes/verification.ts';
import type { why } from '../api/routes/why.ts';
import type { versionItem } from '../api/routes/workflow-schemas.ts';

export type ExecutionView = z.output<typeof execution>;
/** In a list: without input and output. */
export type ExecutionItem = z.output<typeof executionItem>;
export type TaskView = z.output<typeof task>;
export type ApprovalView = z.output<typeof approval>;
export type WhyView = z.output<typeof why>;
export type EventView = z.output<typeof event>;
export type VerificationView = z.output<typeof verification>;
/** A version of a workflow, as saving it answers. */
export type SavedVersion = z.output<typeof versionItem>;
