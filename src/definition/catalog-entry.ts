import type { z } from 'zod';
import type { ExecutorOptions } from '../../activities/define-executor.ts';
import type { Json } from '../contract.ts';

/** What a definition needs to know of an executor. */
export type CatalogEntry = {
  readonly name: string;
  /** Whether it may run as a local activity. */
  readonly local: boolean;
  /** JSON Schema */
  readonly inputSchema: Json;
  readonly defaults: ExecutorOptions<z.ZodType>['defaults'];
};
