import type { OutputFormat } from 'focal';
import { parseAccept } from 'hono/utils/accept';
import { Refusal } from './problems.ts';

/** What answers can be, in the order of our own preference where the client has none. */
export const MEDIA_TYPES = {
  png: 'image/png',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
  avif: 'image/avif',
} as const satisfies Partial<Record<OutputFormat, string>>;

/** The media type of encoded bytes; also of formats that are never negotiated. */
export function mediaTypeOf(format: OutputFormat): string {
  return `image/${format}`;
}

/**
 * The format that an Accept header prefers; `undefined` where it leaves the choice to us. Throws `not-acceptable` (406)
 * where it rules all of them out.
 * @example negotiateFormat('image/webp,image/png;q=.5') // 'webp'
 */
export function negotiateFormat(accept: string | undefined): keyof typeof MEDIA_TYPES | undefined {
  if (accept === undefined || accept.trim() === '') return undefined;
  const ranges = parseAccept(accept);
  const ours = Object.entries(MEDIA_TYPES).map(([format, type]) => ({
    format: format as keyof typeof MEDIA_TYPES,
    q: qualityOf(type, ranges),
  }));
  const best = ours.reduce((a, b) => (b.q > a.q ? b : a));
  const free = Math.max(...ranges.filter(({ type }) => type === '*/*' || type === 'image/*').map(({ q }) => q), 0);
  if (best.q === 0) {
    throw new Refusal('not-acceptable', 'None of the accepted types is one that Focal writes.', {
      hint: `It writes ${Object.values(MEDIA_TYPES).join(', ')}.`,
    });
  }
  return best.q > free || ours.some(({ q }) => q === 0) ? best.format : undefined;
}

/** Whether an Accept header would rather have JSON than a picture; it would where it has no preference. */
export function prefersJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const ranges = parseAccept(accept);
  const json = ['application/json', 'application/*', '*/*']
    .map((type) => ranges.find((range) => range.type.toLowerCase() === type)?.q)
    .find((q) => q !== undefined);
  const pictures = ranges.filter(({ type }) => type.toLowerCase().startsWith('image/')).map(({ q }) => q);
  return (json ?? 0) > 0 && (json ?? 0) >= Math.max(...pictures, 0);
}

/** Whether an Accept header names JSON and would rather have that than a picture. */
export function wantsJson(accept: string | undefined): boolean {
  return parseAccept(accept ?? '').some(({ type }) => type.toLowerCase() === 'application/json') && prefersJson(accept);
}

function qualityOf(mediaType: string, ranges: readonly { readonly type: string; readonly q: number }[]): number {
  const named = ranges.find(({ type }) => type.toLowerCase() === mediaType);
  if (named !== undefined) return named.q;
  return (ranges.find(({ type }) => type === 'image/*') ?? ranges.find(({ type }) => type === '*/*'))?.q ?? 0;
}
