import type { CatalogEntry } from './catalog-entry.ts';
import type { Json } from '../contract.ts';
import { checkApprovals } from './check-approvals.ts';
import { checkExecutors } from './check-executors.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkFields } from './check-fields.ts';
import { checkNames } from './check-names.ts';
import { checkOrder } from './check-order.ts';
import { checkSchemas } from './check-schemas.ts';
import { checkTries } from './check-try.ts';
import { checkVariables } from './check-variables.ts';
import { decide } from './decisions.ts';
import type { Decision } from './decisions.ts';
import { ordersOf } from './order.ts';
import type { List } from './outline.ts';
import { walk } from './outline.ts';
import type { Problems } from './problems.ts';

/** More never fit a Plan. */
const MOST_TASKS = 3_000;

/** Whether there are so many tasks that nothing else is worth looking at. */
export function hasTooManyTasks(top: List, problems: Problems): boolean {
  let tasks = 0;
  for (const { pointer } of walk(top)) {
    tasks += 1;
    if (tasks <= MOST_TASKS) continue;
    problems.add({ code: 'PLAN_TOO_LARGE', pointer, message: `There are more than ${MOST_TASKS} tasks.` });
    return true;
  }
  return false;
}

/**
 * Holds a body against every rule that no single field's schema can say, also where some fields don't fit theirs, so
 * that all problems are found at once; gives what was decided on the way, which counts where there are none.
 */
export function check(
  top: List,
  body: { readonly [field: string]: Json },
  catalog: readonly CatalogEntry[],
  problems: Problems,
): ReadonlyMap<string, Decision> {
  const byId = checkNames(top, problems);
  const orders = ordersOf(top);
  checkOrder(orders, byId, problems);
  const reads = checkExpressions({ top, orders, byId }, body, problems);
  checkVariables(orders, reads, problems);
  checkFields(top, body, problems);
  checkTries(top, problems);
  checkExecutors(top, catalog, problems);
  checkApprovals(top, problems);
  checkSchemas(top, body, problems);
  return decide(top, body, orders, reads);
}
