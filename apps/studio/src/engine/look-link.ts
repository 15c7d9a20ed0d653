import { FocalError } from '@focal/core';

/** What the address of a page with a look begins with, after its path. */
export const LOOK_LINK = '#look=';
/** Longer links are cut by mail and chat programs. */
export const MAX_LINK = 8_000;
/** Characters of a look's text: what a short link may grow to. */
const MAX_TEXT = 1_000_000;

/** The page's address with a look in it: deflated, in base64url. */
export async function toLink(href: string, text: string): Promise<string> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const url = new URL(href);
  url.hash = `${LOOK_LINK.slice(1)}${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
  return url.href;
}

/** The look's text out of an address's hash. Throws `corrupt-input` where it was cut short or changed. */
export async function fromLink(hash: string): Promise<string> {
  try {
    const base64 = hash.slice(LOOK_LINK.length).replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return await readText(stream.getReader());
  } catch (cause) {
    if (cause instanceof FocalError) throw cause;
    throw new FocalError('corrupt-input', 'The link is broken or cut short.', { hint: 'Copy it again, whole.', cause });
  }
}

async function readText(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > MAX_TEXT) throw new FocalError('too-large', 'The look in this link is too large.');
  }
}
