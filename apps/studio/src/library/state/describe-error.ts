import { FocalError } from '@focal/core';

/** What went wrong and what can be done, in one line for people. */
export function describeError(error: unknown): string {
  if (!(error instanceof FocalError)) return `Something went wrong: ${String(error)}`;
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}
