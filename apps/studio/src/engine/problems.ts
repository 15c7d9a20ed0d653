import { FocalError } from '@focal/core';
import type { Place, Problem } from '../state/types.ts';

/** An error in words for people: what happened to which photo, and what they can do now. */
export function toProblem(error: unknown, name: string, place: Place): Problem {
  const known = error instanceof FocalError ? error : new FocalError('internal', String(error));
  const text = known.hint ?? '';
  switch (known.code) {
    case 'unsupported-format':
      return { code: known.code, title: `“${name}” is not a picture that opens here.`, text, actions: ['open'] };
    case 'corrupt-input':
      return {
        code: known.code,
        title: `“${name}” cannot be opened.`,
        text: `${known.message} ${text || 'Copy it again from where it comes from, or open another photo.'}`,
        actions: ['open'],
      };
    case 'too-large':
      return {
        code: known.code,
        title: `“${name}” is too large.`,
        text: `${known.message} ${text}`,
        actions: ['open'],
      };
    case 'device-unavailable':
      return {
        code: known.code,
        title: 'The Focal server does not answer.',
        text: 'Start it again with “npm start” in Focal’s folder, or let this browser find the subject.',
        actions: ['retry', 'use-browser'],
      };
    case 'busy':
      return {
        code: known.code,
        title: 'The Focal server has its hands full.',
        text: 'Try again in a moment.',
        actions: ['retry', 'use-browser'],
      };
    case 'model-missing':
      return {
        code: known.code,
        title: 'The model is not there.',
        text: `${known.message} ${text}`,
        actions: place === 'browser' ? ['retry', 'use-server'] : ['retry', 'use-browser'],
      };
    default:
      return {
        code: known.code,
        title: 'That did not work.',
        text: `${known.message} ${text}`.trim(),
        actions: place === 'browser' ? ['retry', 'use-server'] : ['retry', 'use-browser'],
      };
  }
}

/** An error in a sentence or two: what went wrong, and what to do. */
export function describeError(error: unknown): string {
  if (error instanceof FocalError) return `${error.message} ${error.hint ?? ''}`.trim();
  return error instanceof Error ? error.message : String(error);
}

/** Whether a file is of a kind that this browser does not read, but the server may. */
export function isForServer(error: unknown): boolean {
  return error instanceof FocalError && error.code === 'unsupported-format' && /HEIC|TIFF/.test(error.message);
}

/** Whether a file is no picture that anybody here reads. */
export function isUnreadable(error: unknown): boolean {
  if (!(error instanceof FocalError) || isForServer(error)) return false;
  return error.code === 'unsupported-format' || error.code === 'corrupt-input';
}
