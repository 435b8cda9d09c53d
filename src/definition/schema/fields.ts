import { z } from 'zod';
import { parseDuration } from '../../plan/duration.ts';
import type { Template } from '../../plan/plan.ts';
import { hasExpression, wholeExpression } from '../template-text.ts';

/** Temporal's own durations end far later; nobody means more. */
const LONGEST_MS = 100 * 366 * 86_400_000;

/** JSON in which texts may hold `{% expressions %}`. */
export const template = z
  .unknown()
  .refine((value) => value !== undefined)
  .describe('Any JSON; texts in it may hold {% expressions %}.') as unknown as z.ZodType<Template, Template>;

const NOT_ONE = 'must be one expression: {% … %}';

/** A text that is one expression. */
export const expressionText = z
  .string()
  .regex(/^\s*\{%[\s\S]*%\}\s*$/, NOT_ONE)
  .refine((text) => wholeExpression(text) !== undefined, NOT_ONE);

/** A text that is one expression; its output is what stands between the marks. */
export const expression = expressionText.transform((text) => wholeExpression(text) ?? text);

const NO_DURATION = 'must be a duration such as 10s, 1h30m or 30d';
const durationText = z
  .union([z.string(), z.number()], NO_DURATION)
  .meta({ examples: ['500ms', '10s', '1h30m', '30d', 'PT10S'] });

/** A length of time over zero; its output is whole ms. */
export const duration = durationText
  .refine((value) => isBetween(msOf(value), 1, LONGEST_MS), NO_DURATION)
  .transform((value) => msOf(value) ?? 0);

/** A length of time that an expression may give. */
export const durationTemplate = durationFrom(0);

/** The same over zero: between things that happen again and again. */
export const intervalTemplate = durationFrom(1);

/** A point in time that an expression may give. */
export const timeTemplate = z
  .string('must be a point in time such as 2026-12-01T09:00:00Z')
  .refine(
    (value) => hasExpression(value) || (/^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value))),
    'must be a point in time such as 2026-12-01T09:00:00Z, or an expression that gives one',
  )
  .meta({ examples: ['2026-12-01T09:00:00Z', '{% $input.start %}'] });

const NOT_FIXED = 'must be fixed, it can hold no expression';

/** Name of a workflow: text up to 128 characters without `/` and control characters. */
export const name = z
  .string()
  .refine(
    (text) => text.trim() !== '' && Array.from(text).length <= 128 && !/[/\p{Cc}]/u.test(text),
    'must have 1 to 128 characters, none of them / or a control character',
  );

/** Of another workflow, known when this one is saved. */
export const workflowName = name.refine(isFixed, NOT_FIXED);

export const eventName = z
  .string()
  .refine(isFixed, NOT_FIXED)
  .refine(
    (text) => text.trim() !== '' && Array.from(text).length <= 128 && !/\p{Cc}/u.test(text),
    'must have 1 to 128 characters, none of them a control character',
  );

/** Of a workflow. */
export const version = z
  .string('must be a text: write it in quotes')
  .regex(/^[0-9A-Za-z._+-]{1,32}$/, 'must have 1 to 32 of the characters 0-9 A-Z a-z . _ + -');

/** A name in a path or behind `$`. */
export const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must begin with a letter and have up to 64 letters, digits and _');

export const errorCode = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must be in capitals, digits and _, such as CARD_DECLINED')
  .meta({ examples: ['HTTP_400', 'CARD_DECLINED'] });

/** What a catch names: one code, or `*` for all. */
export const caughtCode = z
  .string()
  .regex(/^(?:\*|[A-Z][A-Z0-9_]{0,63})$/, 'must be a code in capitals, digits and _, such as CARD_DECLINED, or *')
  .meta({ examples: ['*', 'HTTP_400', 'CARD_DECLINED'] });

export const variables = z
  .record(identifier, template)
  .describe('Variables by name; later tasks read them as $vars.<name>. All values are taken from before the task.');

export const retry = z
  .strictObject({
    maxAttempts: z.int().min(0).max(1_000_000).optional().describe('Attempts in all; 0 is no limit. Default 3.'),
    initialInterval: duration.optional().describe('Wait before the second attempt. Default 1s.'),
    backoffCoefficient: z.number().min(1).max(100).optional().describe('How much longer each next wait is. Default 2.'),
    maximumInterval: duration.optional().describe('The longest wait. Default 60s.'),
    nonRetryable: z
      .array(errorCode)
      .max(100)
      .optional()
      .describe('Codes of errors after which nothing is tried again.'),
  })
  .meta({ id: 'retry', title: 'Retry', description: 'When to try again, and how often.' });

export type RetryDefinition = z.output<typeof retry>;

function isFixed(text: string): boolean {
  return !hasExpression(text);
}

function durationFrom(least: number) {
  return durationText
    .refine(
      (value) => hasExpression(value) || isBetween(msOf(value), least, LONGEST_MS),
      `${NO_DURATION}, or an expression that gives one`,
    )
    .meta({ examples: ['10s', '72h', '{% $input.deadline %}'] });
}

function isBetween(ms: number | undefined, least: number, most: number): boolean {
  return ms !== undefined && ms >= least && ms <= most;
}

function msOf(value: string | number): number | undefined {
  const ms = parseDuration(value);
  return ms === undefined ? undefined : Math.ceil(ms);
}
