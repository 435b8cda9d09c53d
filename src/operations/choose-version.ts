import { Problem } from '../problem.ts';
import type { Definition } from '../store/definitions.ts';

/** A workflow's versions that a new one may meet. */
export type Rivals = {
  /** The one with the version that is asked for. */
  readonly same: Definition | undefined;
  readonly draft: Definition | undefined;
  readonly current: Definition | undefined;
};

/** What a save does: nothing, change the draft (and publish it), or add a version; without `version` the next number is it. */
export type Choice =
  | { readonly kind: 'keep'; readonly definition: Definition }
  | { readonly kind: 'change'; readonly definition: Definition; readonly version: string }
  | { readonly kind: 'add'; readonly version: string | undefined };

/**
 * Decides what saving some content means beside what is there.
 * @throws Problem VERSION_EXISTS when a published version has that name and other content
 */
export function chooseVersion(
  wanted: { readonly version: string | undefined; readonly contentHash: string; readonly draft: boolean },
  { same, draft, current }: Rivals,
): Choice {
  const isSame = (definition: Definition | undefined) => definition?.contentHash === wanted.contentHash;
  if (same?.state === 'published') {
    if (isSame(same)) return { kind: 'keep', definition: same };
    throw new Problem(
      'VERSION_EXISTS',
      `Version ${same.version} of '${same.workflow}' exists with other content: published versions never change.`,
    );
  }
  if (wanted.version === undefined && current && isSame(current)) return { kind: 'keep', definition: current };
  const mine = same ?? (wanted.draft || (wanted.version === undefined && isSame(draft)) ? draft : undefined);
  if (!mine) return { kind: 'add', version: wanted.version };
  const version = wanted.version ?? mine.version;
  if (wanted.draft && isSame(mine) && mine.version === version) return { kind: 'keep', definition: mine };
  return { kind: 'change', definition: mine, version };
}
