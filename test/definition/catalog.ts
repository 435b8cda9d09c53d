import { builtIn, describeCatalog } from '../../activities/catalog.ts';
import { flaky, greet } from '../../examples/executors/index.ts';

/** The real executors: the built-in ones, and those of the examples. */
export const catalog = describeCatalog([...builtIn, flaky, greet]);
