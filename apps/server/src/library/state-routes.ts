import { setTimeout as delay } from 'node:timers/promises';
import type { Library } from '@focal/library';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Sharing } from '../share/sharing.ts';
import { defined } from './asset-routes.ts';
import type { LibraryDoor } from './door.ts';
import { readBody, readId, readQuery } from './read-request.ts';
import { requests } from './schemas.ts';

/** Between two states that are told. */
const TELL_MS = 500;
/** Proxies end connections on which nothing happens. */
const KEEP_ALIVE_MS = 15_000;

export interface StateRoutesOptions {
  readonly signal: AbortSignal | undefined;
  /** Told when sharing is turned on or off. */
  readonly sharing: Sharing | undefined;
}

/** `/v1/library`: how it is, its folders, what it cannot read, and views of the whole. */
export function stateRoutes(door: LibraryDoor, { signal, sharing }: StateRoutesOptions): Hono {
  const app = new Hono();
  app.get('/v1/library', async (context) => context.json(await (await door.open()).progress()));
  app.get('/v1/library/events', async (context) => {
    const library = await door.open();
    return streamSSE(context, async (stream) => {
      await tellStates(library, stream, signal);
    });
  });
  app.post('/v1/library/pause', async (context) => {
    const library = await door.open();
    library.pause();
    return context.json(await library.progress());
  });
  app.post('/v1/library/resume', async (context) => {
    const library = await door.open();
    library.resume();
    return context.json(await library.progress());
  });

  app.get('/v1/library/folders', async (context) => {
    const library = await door.open();
    return context.json({ folders: await library.folders.list() });
  });
  app.post('/v1/library/folders', async (context) => {
    const { path } = await readBody(context, requests.addFolder);
    const library = await door.open();
    return context.json(await library.folders.add(path), 201);
  });
  app.post('/v1/library/folders/rescan', async (context) => {
    const { retryBad = false } = await readBody(context, requests.rescan);
    await (await door.open()).folders.rescan(undefined, { retryBad });
    return context.body(null, 202);
  });
  app.delete('/v1/library/folders/:id', async (context) => {
    const id = readId(context);
    await (await door.open()).folders.remove(id);
    return context.body(null, 204);
  });
  app.post('/v1/library/folders/:id/rescan', async (context) => {
    const id = readId(context);
    const { retryBad = false } = await readBody(context, requests.rescan);
    await (await door.open()).folders.rescan([id], { retryBad });
    return context.body(null, 202);
  });
  app.post('/v1/library/folders/:id/stop', async (context) => {
    const id = readId(context);
    await (await door.open()).folders.stop(id);
    return context.body(null, 204);
  });

  app.get('/v1/library/settings', async (context) => context.json(await (await door.open()).settings.get()));
  app.patch('/v1/library/settings', async (context) => {
    const change = await readBody(context, requests.changeSettings);
    const settings = await (await door.open()).settings.change(defined(change));
    if (change.isSharing !== undefined) await sharing?.turn(settings.isSharing);
    return context.json(settings);
  });

  app.get('/v1/library/storage', async (context) => context.json(await (await door.open()).storage.read()));
  app.post('/v1/library/storage/free', async (context) => {
    return context.json({ freedBytes: await (await door.open()).storage.free() });
  });

  app.get('/v1/library/timeline', async (context) => context.json({ months: await (await door.open()).timeline() }));
  app.get('/v1/library/things', async (context) => context.json({ things: await (await door.open()).things() }));
  app.get('/v1/library/duplicates', async (context) => {
    const { offset, limit } = readPart(readQuery(context, ['offset', 'limit']), 50, 200);
    return context.json(await (await door.open()).duplicates(offset, limit));
  });
  app.get('/v1/library/bad', async (context) => {
    const { offset, limit } = readPart(readQuery(context, ['offset', 'limit']), 100, 1000);
    return context.json(await (await door.open()).badFiles(offset, limit));
  });
  app.post('/v1/library/bad/retry', async (context) => {
    await (await door.open()).retryBad();
    return context.body(null, 202);
  });
  return app;
}

function readPart(query: ReturnType<typeof readQuery>, usual: number, most: number) {
  return { offset: query.whole('offset', 0, 10_000_000) ?? 0, limit: query.whole('limit', 1, most) ?? usual };
}

interface EventStream {
  readonly aborted: boolean;
  onAbort(listener: () => void): void;
  writeSSE(message: { data: string; event?: string }): Promise<void>;
}

/** The state now, and whenever it changes, until the client leaves or the server ends. */
async function tellStates(library: Library, stream: EventStream, signal: AbortSignal | undefined): Promise<void> {
  let wake: () => void = () => undefined;
  let isOver = signal?.aborted ?? false;
  const unwatch = library.watch(() => wake());
  const end = (): void => {
    isOver = true;
    wake();
  };
  stream.onAbort(end);
  signal?.addEventListener('abort', end, { once: true });
  let last = '';
  try {
    while (!isOver && !stream.aborted) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const data = JSON.stringify(await library.progress());
      // An event without news keeps the connection.
      await stream.writeSSE(data === last ? { event: 'ping', data: '' } : { event: 'state', data });
      last = data;
      const timer = setTimeout(() => wake(), KEEP_ALIVE_MS);
      await changed;
      clearTimeout(timer);
      if (!isOver) await delay(TELL_MS);
    }
  } finally {
    unwatch();
    signal?.removeEventListener('abort', end);
  }
}
