import { createHash, randomBytes } from 'node:crypto';
import { createAttempts, type OpenedShare, TooManyAttemptsError } from '@focal/library';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { guardAccess } from '../access.ts';
import { sendFile } from '../files.ts';
import type { LibraryDoor } from '../library/door.ts';
import { Refusal, toProblem } from '../problems.ts';
import { GUEST_ICON } from './guest-icon.ts';
import {
  ICON_PATH,
  PAGE_PHOTOS,
  renderAlbum,
  renderPasswordForm,
  renderStandIn,
  renderWords,
  SCRIPT_PATH,
  STYLE_PATH,
} from './guest-pages.ts';
import { GUEST_SCRIPT } from './guest-script.ts';
import { GUEST_STYLE } from './guest-style.ts';

export interface ShareAppOptions {
  /** Not owned. */
  readonly door: LibraryDoor;
  /** Who asks: wrong links and passwords are counted by it. */
  readonly addressOf: (context: Context) => string;
  readonly onDefect?: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Everything from here, nothing else, in no frame; forms go back to where they are from. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  // Not less: browsers would send forms without their origin.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
};

const WRONG = { most: 10, withinMs: 10 * 60_000 };
/** So long a guest need not give the password again. */
const GUEST_MS = 12 * 3_600_000;
const MOST_GUESTS = 10_000;
const MOST_FORM_BYTES = 4096;

/** A page in place of what was asked for. */
class Words extends Error {
  readonly status: 404 | 410 | 429;
  readonly title: string;

  constructor(status: 404 | 410 | 429, title: string, text: string) {
    super(text);
    this.status = status;
    this.title = title;
  }
}

/**
 * What guests of shared albums reach: pages, small pictures and videos of the one album that a link leads to, nothing else of the
 * library or of Focal. Starts nothing and listens to nothing.
 */
export function createShareApp({ door, addressOf, onDefect, now = Date.now }: ShareAppOptions): Hono {
  const links = createAttempts({ ...WRONG, now });
  const passwords = createAttempts({ ...WRONG, now });
  const guests = new Map<string, { readonly shareId: number; readonly until: number }>();
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
    if (!context.res.headers.has('cache-control')) context.res.headers.set('cache-control', 'no-store');
  });
  app.use(guardAccess({ exposed: true }));
  app.onError((error, context) => {
    if (error instanceof Words) return context.html(renderWords(error.title, error.message), error.status);
    if (error instanceof TooManyAttemptsError) {
      const page = renderWords(
        'Too many wrong attempts',
        `${error.message.replace('Too many wrong attempts: w', 'W')}`,
      );
      return context.html(page, 429, { 'retry-after': String(error.retryAfterSeconds) });
    }
    const { status, code } = toProblem(error);
    if (code === 'internal') onDefect?.(error);
    if (error instanceof Refusal) return context.html(renderWords('Not here', error.message), status as 403);
    if (status === 404) return context.html(renderWords('Nothing is here', 'This photo is no longer shared.'), 404);
    return context.html(renderWords('This cannot be shown now', 'Please try again later.'), 503);
  });
  app.notFound((context) => context.html(renderWords('Nothing is here', 'Please check the link.'), 404));

  /** What the link leads to, where it still does. */
  async function open(context: Context): Promise<OpenedShare> {
    const token = context.req.param('token') ?? '';
    const library = await door.open();
    const opened = await links.attempt(addressOf(context), () => library.shares.open(token));
    if (opened === undefined) throw new Words(404, 'Nothing is here', 'Please check that the link is whole.');
    if (opened.share.state === 'revoked') {
      throw new Words(410, 'No longer shared', 'Whoever shared these photos has ended it.');
    }
    if (opened.share.state === 'expired') {
      throw new Words(410, 'This link has expired', 'Ask whoever sent it for a new one.');
    }
    if (!(await library.settings.get()).isSharing) {
      throw new Words(410, 'Not shared now', 'Whoever shared these photos has turned sharing off.');
    }
    return opened;
  }

  function isGuest(context: Context, { share }: OpenedShare): boolean {
    if (!share.hasPassword) return true;
    const guest = guests.get(hashOf(getCookie(context, cookieOf(share.id)) ?? ''));
    return guest !== undefined && guest.shareId === share.id && guest.until > now();
  }

  /** A photo with covered faces that cannot be made is told apart, so that guests know that waiting does not help. */
  async function readPicture(opened: OpenedShare, key: string, kind: 'grid' | 'preview') {
    if (opened.share.cover === undefined) return (await opened.picture(key, kind)) ?? 'waiting';
    // What is not in the album is no failure.
    await opened.find(key);
    try {
      return (await opened.picture(key, kind)) ?? 'waiting';
    } catch (error) {
      if (toProblem(error).code === 'internal') onDefect?.(error);
      return 'failed';
    }
  }

  async function sendPicture(context: Context, kind: 'grid' | 'preview'): Promise<Response> {
    const opened = await open(context);
    if (!isGuest(context, opened)) throw new Refusal('forbidden', 'These photos have a password.');
    const key = context.req.param('key') ?? '';
    const picture = await readPicture(opened, key, kind);
    if (picture === 'waiting' || picture === 'failed') return sendStandIn(context, picture);
    const { path, tag } = picture;
    // The tag changes with what is shown and tells nothing of the file; it is asked for each time, so that revoking ends
    // it at once.
    return sendFile(context.req.raw, path, {
      cacheControl: 'private, no-cache',
      type: 'image/webp',
      tag: hashOf(`${key} ${tag}`).slice(0, 24),
    });
  }

  /** In parts, each of which is asked for anew: ending the link ends it, too. */
  async function sendVideo(context: Context): Promise<Response> {
    const opened = await open(context);
    if (!isGuest(context, opened)) throw new Refusal('forbidden', 'These photos have a password.');
    const key = context.req.param('key') ?? '';
    const { path, type, tag } = await opened.video(key);
    return sendFile(context.req.raw, path, {
      cacheControl: 'private, no-cache',
      type,
      tag: hashOf(`${key} ${tag}`).slice(0, 24),
    });
  }

  app.get(STYLE_PATH, (context) => {
    return context.body(GUEST_STYLE, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' });
  });
  app.get(SCRIPT_PATH, (context) => {
    const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' };
    return context.body(GUEST_SCRIPT, 200, headers);
  });
  // Browsers look for the second beside pictures that are opened by themselves.
  for (const path of [ICON_PATH, '/favicon.ico']) {
    app.get(path, (context) =>
      context.body(GUEST_ICON, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=86400' }),
    );
  }
  app.get('/s/:token', async (context) => {
    const opened = await open(context);
    const path = `/s/${context.req.param('token')}`;
    if (!isGuest(context, opened)) return context.html(renderPasswordForm(path));
    const from = context.req.query('from') ?? '0';
    const offset = /^\d{1,7}$/.test(from) ? Number(from) : 0;
    const [photos, total] = [await opened.photos(offset, PAGE_PHOTOS), await opened.count()];
    const { albumName: name, expiresAt } = opened.share;
    const leftOut = await opened.countLeftOut();
    const videos = await opened.countVideos();
    return context.html(renderAlbum({ path, name, photos, total, videos, leftOut, offset, expiresAt }));
  });
  app.post('/s/:token', async (context) => {
    const opened = await open(context);
    const { share } = opened;
    const path = `/s/${context.req.param('token')}`;
    const password = await readPassword(context);
    const isRight = await passwords.attempt(`${addressOf(context)} ${share.id}`, async () =>
      (await opened.isPassword(password)) ? true : undefined,
    );
    if (isRight === undefined) return context.html(renderPasswordForm(path, 'That is not the password.'), 403);
    const secret = randomBytes(24).toString('base64url');
    guests.set(hashOf(secret), { shareId: share.id, until: now() + GUEST_MS });
    for (const [oldest] of guests) {
      if (guests.size <= MOST_GUESTS) break;
      guests.delete(oldest);
    }
    setCookie(context, cookieOf(share.id), secret, {
      httpOnly: true,
      sameSite: 'Strict',
      path,
      maxAge: GUEST_MS / 1000,
    });
    return context.redirect(path, 303);
  });
  app.get('/s/:token/small/:key', (context) => sendPicture(context, 'grid'));
  app.get('/s/:token/photo/:key', (context) => sendPicture(context, 'preview'));
  app.get('/s/:token/video/:key', sendVideo);
  return app;
}

/** In place of a photo whose faces are being covered, or could not be; browsers show it as they show pictures. */
function sendStandIn(context: Context, state: 'waiting' | 'failed'): Response {
  return context.body(renderStandIn(state), 503, {
    'content-type': 'image/svg+xml',
    ...(state === 'waiting' && { 'retry-after': '3' }),
  });
}

/** The one field of the form; forms of other sizes are none of ours. */
async function readPassword(context: Context): Promise<string> {
  const length = Number(context.req.header('content-length') ?? Number.NaN);
  if (!(length <= MOST_FORM_BYTES)) throw new Refusal('forbidden', 'Expected the password of these photos.');
  return new URLSearchParams(await context.req.text()).get('password') ?? '';
}

const cookieOf = (shareId: number): string => `focal-guest-${shareId}`;

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
