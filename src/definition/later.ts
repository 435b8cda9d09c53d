/** What the language has and this version can't run yet. */
export const LATER_TYPES: ReadonlySet<string> = new Set(['switch', 'loop', 'try', 'event', 'emit', 'sub_workflow']);

const ANYWHERE = ['compensate', 'next'];
const BY_TYPE: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['foreach', ['tolerate', 'batch']],
  ['approval', ['reminders']],
]);

/** Whether a field of that type of task is one of those that come later. */
export function isLaterField(type: unknown, field: string): boolean {
  return ANYWHERE.includes(field) || BY_TYPE.get(type)?.includes(field) === true;
}

/** Whether a field's value is one of those that come later. */
export function isLaterValue(field: string, value: unknown): boolean {
  return field === 'join' && (value === 'any' || (typeof value === 'object' && value !== null && 'count' in value));
}
