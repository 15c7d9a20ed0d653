import { FocalError } from '../errors.ts';

/** Characters that are made into text at a time: arguments of one call are limited. */
const CHUNK = 1 << 13;

/** Standard base64 (RFC 4648, section 4), with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(binary);
}

/** The inverse of {@link toBase64}. Throws `corrupt-input`. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new FocalError('corrupt-input', 'Expected base64, got other characters.', { cause });
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
