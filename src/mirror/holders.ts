import { sql } from 'kysely';

/** Types of tasks that hold others: they are not where an execution stands. */
export const HOLDERS = sql`('condition', 'switch', 'sequential', 'parallel', 'foreach', 'loop', 'try')`;
