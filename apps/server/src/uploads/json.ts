import { FocalError } from '@focal/core';
import { receiveBytes } from './bytes.ts';

/**
 * The body of a request as JSON. Throws `unsupported-format` for another content type, `too-large` by the announced
 * length before a byte is read and else while reading, `invalid-argument` for what is no JSON.
 */
export async function receiveJson(
  request: Request,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  // Clients of old send no type at all, or that of a form, around JSON.
  if (!/^(application\/(\S+\+)?json|text\/plain|application\/x-www-form-urlencoded)\b|^$/i.test(type)) {
    throw new FocalError('unsupported-format', `Expected application/json as content type, got ${type.slice(0, 80)}.`, {
      hint: 'Photos as files go to /v1/cutout, /v1/bokeh, /v1/analyze.',
    });
  }
  const text = Buffer.from(await receiveBytes(request, { maxBytes, signal })).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = text.trim() === '' ? 'an empty body' : 'something else';
    throw new FocalError('invalid-argument', `Expected JSON such as {"img": "…"}, got ${got}.`, { cause });
  }
}

/**
 * The bytes of base64 in the standard or the URL-safe alphabet, with or without padding, line breaks and the prefix of
 * a data URL. Throws `invalid-argument`.
 */
export function fromAnyBase64(name: string, value: unknown): Uint8Array<ArrayBuffer> {
  if (typeof value !== 'string' || value === '') {
    const got = value === undefined ? 'none' : value === '' ? 'an empty text' : `a ${typeof value}`;
    throw new FocalError('invalid-argument', `Expected a picture in base64 as ${name}, got ${got}.`);
  }
  const text = value.replace(/^data:[^,]{0,100},/, '').replaceAll(/\s/g, '');
  if (!/^[\w+/-]+={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) {
    throw new FocalError('invalid-argument', `Expected base64 as ${name}, got other text.`, {
      hint: 'Both alphabets are read: the standard one and the one for addresses.',
    });
  }
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
