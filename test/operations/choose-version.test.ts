import { describe, expect, it } from 'vitest';
import { chooseVersion } from '../../src/operations/choose-version.ts';
import type { Rivals } from '../../src/operations/choose-version.ts';
import type { Definition } from '../../src/store/definitions.ts';

function definition(version: string, contentHash: string, state: 'draft' | 'published', current = false): Definition {
  const at = new Date(0);
  return {
    id: `id-${version}`,
    workflowId: 'w',
    workflow: 'w',
    version,
    number: 1,
    state,
    current,
    compileState: 'valid',
    contentHash,
    createdBy: 'u',
    createdAt: at,
    publishedAt: null,
  };
}

const one = definition('1', 'aa', 'published', true);
const draft = definition('2', 'bb', 'draft');

type Case = readonly [
  what: string,
  wanted: [version: string | undefined, hash: string, draft: boolean],
  rivals: Partial<Rivals>,
  choice: object,
];
const cases: readonly Case[] = [
  ['the first version', [undefined, 'aa', false], {}, { kind: 'add', version: undefined }],
  ['a named version', ['1.0', 'aa', false], {}, { kind: 'add', version: '1.0' }],
  ['the current content again', [undefined, 'aa', false], { current: one }, { kind: 'keep', definition: one }],
  ['other content', [undefined, 'cc', false], { current: one }, { kind: 'add', version: undefined }],
  ['the same version and content', ['1', 'aa', false], { same: one, current: one }, { kind: 'keep', definition: one }],
  ['a first draft', [undefined, 'bb', true], { current: one }, { kind: 'add', version: undefined }],
  ['a draft like the current one', [undefined, 'aa', true], { current: one }, { kind: 'keep', definition: one }],
  ['the same draft again', [undefined, 'bb', true], { current: one, draft }, { kind: 'keep', definition: draft }],
  [
    'the draft with other content',
    [undefined, 'cc', true],
    { current: one, draft },
    { kind: 'change', definition: draft, version: '2' },
  ],
  [
    'the draft under another name',
    ['3', 'bb', true],
    { current: one, draft },
    { kind: 'change', definition: draft, version: '3' },
  ],
  [
    'the draft, published',
    [undefined, 'bb', false],
    { current: one, draft },
    { kind: 'change', definition: draft, version: '2' },
  ],
  [
    'the draft by its name, published with other content',
    ['2', 'cc', false],
    { current: one, draft, same: draft },
    { kind: 'change', definition: draft, version: '2' },
  ],
  [
    'another version beside the draft',
    [undefined, 'cc', false],
    { current: one, draft },
    { kind: 'add', version: undefined },
  ],
];

describe('what saving means', () => {
  it.each(cases)('%s', (_, [version, contentHash, isDraft], rivals, choice) => {
    const all = { same: undefined, draft: undefined, current: undefined, ...rivals };
    expect(chooseVersion({ version, contentHash, draft: isDraft }, all)).toEqual(choice);
  });

  it.each([true, false])('a published version never changes (draft: %s)', (isDraft) => {
    const rivals = { same: one, current: one, draft: undefined };
    expect(() => chooseVersion({ version: '1', contentHash: 'cc', draft: isDraft }, rivals)).toThrow(
      'exists with other content',
    );
  });
});
