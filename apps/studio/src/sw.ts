// The service worker: keeps the built app, so that it opens without the server. Models are kept by the inference worker.
declare const __PRECACHE__: { readonly version: string; readonly files: readonly string[] };

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface ServiceWorkerScope extends EventTarget {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const scope = self as unknown as ServiceWorkerScope;
const { version, files } = __PRECACHE__;
const APP = `focal-app-${version}`;
/** Files that load on demand and carry a hash in their name: the inference library, fonts. */
const EXTRAS = 'focal-extras';
const STATIC = ['icon.svg', 'icon-192.png', 'icon-512.png', 'manifest.webmanifest'];

scope.addEventListener('install', (event) => {
  (event as ExtendableEvent).waitUntil(install());
});
scope.addEventListener('activate', (event) => {
  (event as ExtendableEvent).waitUntil(activate());
});
scope.addEventListener('fetch', (event) => {
  const { request, respondWith } = bind(event as FetchEvent);
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (/^\/(v1\/|health|docs|openapi)/.test(url.pathname)) return;
  if (request.mode === 'navigate') respondWith(openPage(request));
  else if (url.pathname.startsWith('/assets/')) respondWith(takeAsset(request));
  else if (STATIC.includes(url.pathname.slice(1))) respondWith(takeAsset(request));
});

function bind(event: FetchEvent) {
  return { request: event.request, respondWith: (response: Promise<Response>) => event.respondWith(response) };
}

async function install(): Promise<void> {
  const cache = await caches.open(APP);
  await cache.addAll([
    ...files.map((file) => (file === 'index.html' ? '/' : `/${file}`)),
    ...STATIC.map((file) => `/${file}`),
  ]);
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith('focal-app-') && name !== APP) await caches.delete(name);
  }
  await dropOldExtras();
  await scope.clients.claim();
}

/** Of inference files and fonts only the newest few are kept. */
async function dropOldExtras(): Promise<void> {
  const extras = await caches.open(EXTRAS);
  const keys = await extras.keys();
  for (const request of keys.slice(0, Math.max(0, keys.length - 10))) await extras.delete(request);
}

/** The page from the server where it answers, so that updates come at once; else the kept one. */
async function openPage(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok || response.type === 'opaqueredirect') return response;
    return (await caches.match('/')) ?? response;
  } catch {
    return (await caches.match('/')) ?? Response.error();
  }
}

/** Names carry a hash of the content, so what is kept is right. */
async function takeAsset(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok && new URL(request.url).pathname.startsWith('/assets/')) {
    const extras = await caches.open(EXTRAS);
    await extras.put(request, response.clone());
  }
  return response;
}
