import type { z } from 'zod';

/** What is wrong with a value that a schema refused: `expected at most 100 entries, got 1000`. */
export function describeIssue(issue: z.core.$ZodIssue | undefined, raw: unknown): string {
  if (issue === undefined) return 'something is wrong with it';
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], raw);
  switch (issue.code) {
    case 'too_big':
      return `expected ${describeLimit('at most', issue.maximum, issue.origin)}, got ${describeSize(value)}`;
    case 'too_small':
      return `expected ${describeLimit('at least', issue.minimum, issue.origin)}, got ${describeSize(value)}`;
    case 'invalid_type':
      return `expected ${issue.expected === 'record' ? 'an object' : issue.expected}, got ${describeValue(value)}`;
    case 'unrecognized_keys':
      return `there is no ${issue.keys.join(', ')}`;
    default:
      return issue.message;
  }
}

/** A value as it would be written, cut short. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = write(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function write(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // Lists in lists without end, or one that holds itself.
    return Array.isArray(value) ? 'a list that cannot be written' : 'an object that cannot be written';
  }
}

function describeLimit(most: string, limit: number | bigint, origin: string): string {
  return origin === 'array'
    ? `${most} ${limit} entries`
    : `${most} ${limit}${origin === 'string' ? ' characters' : ''}`;
}

function describeSize(value: unknown): string {
  return Array.isArray(value) || typeof value === 'string' ? String(value.length) : describeValue(value);
}
