import { resolve } from 'node:path';
import { FocalError } from '@focal/core';

/** Why something that the user named cannot be read: `not-found`, or `permission`. */
export function toReadError(error: unknown, what: string, path: string): FocalError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
  const sentence = isMissing ? `There is no ${what} ${path}.` : `The ${what} ${path} cannot be read.`;
  const full = resolve(path);
  return new FocalError(isMissing ? 'not-found' : 'permission', sentence, {
    ...(full === path ? {} : { hint: `Looked for ${full}.` }),
    cause: error,
  });
}
