import type { Library, Unlocked } from '@focal/library';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

/** For programs; pages have the cookie of the same name, which goes with pictures, too. */
const UNLOCK_HEADER = 'focal-unlock';
const COOKIE = 'focal-unlock';
const PATH = '/v1/library';

/** What a client got when it gave a password. */
export function tokenOf(context: Context): string | undefined {
  return context.req.header(UNLOCK_HEADER) ?? getCookie(context, COOKIE);
}

/** Private albums that the client of a request has the password of. */
export function unlockedOf(context: Context, library: Library): Unlocked {
  return library.privacy.unlockedBy(tokenOf(context));
}

/** For as long as the browser is open; the server forgets it sooner. */
export function keepToken(context: Context, token: string): void {
  setCookie(context, COOKIE, token, { httpOnly: true, sameSite: 'Strict', path: PATH });
}

export function dropToken(context: Context): void {
  deleteCookie(context, COOKIE, { path: PATH });
}

/** Of what is private no copy is to be kept. */
export const NEVER_KEPT = 'no-store';
