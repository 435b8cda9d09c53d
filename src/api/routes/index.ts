import type { Route } from '../route.ts';
import { approvalRoutes } from './approvals.ts';
import { auditLogRoutes } from './audit-logs.ts';
import { eventRoutes } from './events.ts';
import { executionCommandRoutes } from './execution-commands.ts';
import { executionPartRoutes } from './execution-parts.ts';
import { executionRoutes } from './executions.ts';
import { executorRoutes } from './executors.ts';
import { meRoutes } from './me.ts';
import { templateRoutes } from './templates.ts';
import { verificationRoutes } from './verification.ts';
import { whyRoutes } from './why.ts';
import { workflowRoutes } from './workflows.ts';

/** Every route under `/api/v1`. */
export const routes: readonly Route[] = [
  ...workflowRoutes,
  ...templateRoutes,
  ...executionRoutes,
  ...executionCommandRoutes,
  ...executionPartRoutes,
  ...verificationRoutes,
  ...whyRoutes,
  ...approvalRoutes,
  ...eventRoutes,
  ...executorRoutes,
  ...auditLogRoutes,
  ...meRoutes,
];
