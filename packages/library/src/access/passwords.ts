import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { FocalError } from '@focal/core';

/** RFC 7914's cost, block size and parallelism: 32 MB and some 100 ms for one try. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** More than any cost that is written here needs. */
const MOST_MEMORY_BYTES = 128 * 2 ** 20;

export const SHORTEST_PASSWORD = 6;
export const LONGEST_PASSWORD = 200;

/** What is kept of a password: `scrypt$N$r$p$salt$key`. Throws `invalid-argument` for one that is too short or long. */
export async function hashPassword(password: string): Promise<string> {
  const { length } = password;
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    throw new FocalError(
      'invalid-argument',
      `Expected a password of ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters, got ${length}.`,
    );
  }
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether it is the password, in a time that does not tell how near it is. */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD) return false;
  const [kind, N, r, p, salt = '', key = ''] = kept.split('$');
  if (kind !== 'scrypt') throw new FocalError('internal', 'The kept password is of an unknown kind.');
  const expected = Buffer.from(key, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return timingSafeEqual(found, expected);
}

/** The same characters give the same key, however the keyboard composed them. */
function derive(password: string, salt: Buffer, cost: { readonly N: number; readonly r: number; readonly p: number }) {
  return new Promise<Buffer>((resolve, reject) => {
    const options = { ...cost, maxmem: MOST_MEMORY_BYTES };
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
