import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname as machineName } from 'node:os';
import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Refusal } from './problems.ts';

/** Who may use the server. */
export interface Access {
  /** Asked of every request but `/health`: as a bearer token, or once as `?token=`, which leaves a cookie. */
  readonly token?: string;
  /**
   * Whether other machines reach the server. If not, only loopback names are answered, so that a web page cannot reach
   * it under a name of its own (DNS rebinding).
   */
  readonly exposed?: boolean;
  /** The address that it listens on, where that is one. */
  readonly address?: string;
  /**
   * Further names that the server goes by, without port, such as that of a proxy before it. Pages of these names may
   * use it too, also where the proxy asks for it by another name.
   */
  readonly hosts?: readonly string[];
  /** Pages elsewhere that may use the server too, by their origins, such as `https://example.org`. */
  readonly origins?: readonly string[];
}

const COOKIE = 'focal-token';

/**
 * Refuses requests that do not belong here: under an unknown host name, from pages of another origin, without the
 * token. Only origins that were named get CORS headers: other sites have no
 * business with photos on this machine.
 */
export function guardAccess(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const url = new URL(context.req.url);
    assertHost(url.hostname, access);
    const origin = context.req.header('origin');
    const isWelcome = origin !== undefined && (access.origins?.includes(origin) ?? false);
    if (isWelcome && context.req.method === 'OPTIONS') return answerPreflight(origin);
    if (!isWelcome) assertSameOrigin(context.req.raw.headers, url, context.req.method, access);
    if (access.token !== undefined && url.pathname !== '/health') {
      const fromQuery = url.searchParams.get('token');
      if (fromQuery !== null && isSame(fromQuery, access.token) && context.req.method === 'GET') {
        setCookie(context, COOKIE, access.token, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 30 * 86_400 });
        url.searchParams.delete('token');
        // Two slashes at the start would be another host.
        return context.redirect(`${url.pathname.replace(/^\/+/, '/')}${url.search}`, 303);
      }
      const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
      assertToken([bearer, getCookie(context, COOKIE)], access.token);
    }
    await next();
    if (isWelcome) welcome(context.res.headers, origin);
  };
}

/** Lets a page of this origin read the answer. */
function welcome(headers: Headers, origin: string): void {
  headers.set('access-control-allow-origin', origin);
  headers.set('access-control-expose-headers', '*');
  headers.set('cross-origin-resource-policy', 'cross-origin');
  headers.append('vary', 'origin');
}

/** Of uploads, see `library/upload-routes.ts`. */
const UPLOAD_HEADERS =
  'tus-resumable, upload-length, upload-offset, upload-metadata, upload-checksum, x-http-method-override';

/** What a browser asks before it sends a request from another origin. */
function answerPreflight(origin: string): Response {
  const headers = new Headers({
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': `authorization, content-type, accept, ${UPLOAD_HEADERS}`,
    'access-control-max-age': '600',
  });
  welcome(headers, origin);
  return new Response(null, { status: 204, headers });
}

/** Whether an address is one that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function assertHost(hostname: string, access: Access): void {
  const name = hostname.toLowerCase();
  if (isLoopback(name) || isNamed(name, access) || access.address?.toLowerCase() === name) return;
  if (access.exposed) {
    // A page can rebind a name of its own to this machine, but no bare address and not the machine's own name.
    const machine = machineName().toLowerCase();
    if (isIP(name.replace(/^\[|\]$/g, '')) > 0 || name === machine || name === `${machine}.local`) return;
  }
  throw new Refusal('forbidden', 'The server does not go by this host name.', {
    hint: 'Open it by its address, or start it with --allow-host and this name.',
  });
}

function isNamed(name: string | undefined, { hosts }: Access): boolean {
  return hosts?.some((host) => host.toLowerCase() === name) ?? false;
}

function assertSameOrigin(headers: Headers, url: URL, method: string, access: Access): void {
  const origin = headers.get('origin');
  // With a port of its own an origin is no name from `hosts`: another program of that machine may serve it.
  const foreign = origin !== null && hostOf(origin) !== url.host && !isNamed(hostOf(origin), access);
  const crossSite = ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '');
  const navigation = headers.get('sec-fetch-mode') === 'navigate' && (method === 'GET' || method === 'HEAD');
  if (foreign || (crossSite && !navigation)) {
    throw new Refusal('forbidden', 'Pages of other origins may not use this server.');
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function assertToken(candidates: readonly (string | undefined)[], token: string): void {
  if (candidates.some((candidate) => candidate !== undefined && isSame(candidate, token))) return;
  throw new Refusal('unauthorized', 'This server asks for its token.', {
    hint: 'Open the address that it printed, or send "Authorization: Bearer TOKEN".',
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** Compares in a time that does not tell where two texts differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
