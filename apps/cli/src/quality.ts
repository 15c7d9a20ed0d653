import { FocalError } from '@focal/core';
import type { OutputFormat } from 'focal';

const LOSSY: ReadonlySet<OutputFormat> = new Set(['jpeg', 'webp', 'avif']);

export function isLossy(format: OutputFormat): boolean {
  return LOSSY.has(format);
}

/** Throws `invalid-argument` where a quality was asked for and no result is of a lossy format. */
export function assertQuality(
  quality: number | undefined,
  results: readonly { readonly format: OutputFormat }[],
): void {
  const [first] = results;
  if (quality === undefined || first === undefined || results.some(({ format }) => isLossy(format))) return;
  throw new FocalError('invalid-argument', `--quality goes with lossy formats, and the result is ${first.format}.`, {
    hint: `Leave it out, or name one of ${[...LOSSY].join(', ')} with --format or -o.`,
  });
}
