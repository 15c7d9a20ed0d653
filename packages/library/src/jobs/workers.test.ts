import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { createServedFiles } from './served-files.ts';

const libraries = useLibraries();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

const here = (path: string): string => new URL(path, import.meta.url).href;

/** A worker in a process of its own, that prints when it works and ends when nothing waits. */
const SCRIPT = `
  const [library, focal, folder, home, databaseUrl] = process.argv.slice(1);
  const { openLibrary } = await import(library);
  const { createFocal } = await import(focal);
  const opened = await createFocal({ home, device: 'cpu', threads: 1 });
  const { media } = opened;
  const find = async () => {
    await new Promise((done) => setTimeout(done, 20));
    return { focalPoint: { x: 0.5, y: 0.5 }, scene: {} };
  };
  const worker = await openLibrary({
    folder, databaseUrl, media: { ...media, find }, scans: false, onError: (error) => console.error(error) });
  console.log('open');
  const timer = setInterval(() => console.log('done ' + worker.jobsDone()), 20);
  await worker.idle();
  clearInterval(timer);
  console.log('end ' + worker.jobsDone());
  await worker.close();
  await opened.close();`;

function startWorker(home: string): { readonly child: ChildProcess; text(): string } {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    SCRIPT,
    here('../../dist/index.js'),
    here('../../../focal/dist/index.js'),
    libraries.libraryFolder(home),
    join(libraries.folder, 'home'),
    libraries.databaseUrl(home) ?? '',
  ]);
  children.push(child);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    text += `error: ${String(chunk)}`;
  });
  return { child, text: () => text };
}

describe.runIf(DATABASES.includes('server'))('workers on a server', () => {
  test('share the queue; where one is killed, every job is done once', async () => {
    const home = 'workers';
    const photos = join(libraries.folder, home);
    const count = 60;
    for (let seed = 0; seed < count; seed++)
      await put(join(photos, `${seed}.jpg`), await drawPhoto({ seed: seed + 1 }));
    const server = await libraries.open('server', { home, works: false });
    const client = new pg.Client({ connectionString: libraries.databaseUrl(home) });
    await client.connect();
    try {
      // Whoever keeps a result leaves a mark.
      await client.query(`create table public.kept (asset_id integer, step text);
        create function public.mark() returns trigger language plpgsql as $$ begin
          if old.thumbnail_version <> new.thumbnail_version then insert into public.kept values (new.id, 'thumbnails'); end if;
          if old.scene_version <> new.scene_version then insert into public.kept values (new.id, 'scene'); end if;
          return null;
        end $$;
        create trigger kept after update on focal.assets for each row execute function public.mark();`);
      await server.folders.add(photos);
      while ((await server.progress()).scans.length > 0) await delay(20);
      expect((await server.progress()).jobs.thumbnails.waiting).toBe(count);

      const [one, other] = [startWorker(home), startWorker(home)];
      const doneBy = (text: string): number =>
        Number(
          text
            .match(/(?:done|end) (\d+)/g)
            ?.at(-1)
            ?.split(' ')[1] ?? 0,
        );
      while (doneBy(one.text()) < 10 || doneBy(other.text()) < 10) {
        expect(one.text() + other.text()).not.toContain('error');
        await delay(10);
      }
      one.child.kill('SIGKILL');
      await once(one.child, 'close');
      await once(other.child, 'close');
      expect(other.text()).not.toContain('error');
      const { rows } = await client.query(
        'select step, count(*)::integer as n, count(distinct asset_id)::integer as assets from public.kept group by step order by step',
      );
      expect(rows).toEqual([
        { step: 'scene', n: count, assets: count },
        { step: 'thumbnails', n: count, assets: count },
      ]);
      const { jobs } = await server.progress();
      expect(jobs).toEqual({ thumbnails: { waiting: 0, running: 0 }, scene: { waiting: 0, running: 0 } });
      expect((await server.list()).assets.every(({ isIndexed }) => isIndexed)).toBe(true);
      expect((await server.badFiles()).total).toBe(0);
      // Both had a part in it, and together what one did alone is less.
      expect(doneBy(other.text())).toBeLessThan(count * 2);
    } finally {
      await client.end();
    }
  }, 300_000);

  test('a worker without the folders gives nothing up, and goes on when they are there', async () => {
    const home = 'no-folders';
    const photos = join(libraries.folder, home);
    await put(join(photos, '1.jpg'), await drawPhoto({ seed: 1 }));
    const server = await libraries.open('server', { home, works: false });
    await server.folders.add(photos);
    while ((await server.progress()).scans.length > 0) await delay(20);
    await rm(photos, { recursive: true });
    const errors: unknown[] = [];
    await using worker = await libraries.open('server', {
      home,
      scans: false,
      onError: (error) => void errors.push(error),
    });
    while (errors.length === 0) await delay(20);
    expect(errors[0]).toMatchObject({ code: 'not-found', message: expect.stringContaining(photos) });
    const { waiting, running } = (await worker.progress()).jobs.thumbnails;
    expect(waiting + running).toBe(1);
    expect((await worker.folders.list())[0]?.isOnline).toBe(true);
    await put(join(photos, '1.jpg'), await drawPhoto({ seed: 1 }));
    while (worker.jobsDone() < 2) await delay(20);
    expect((await worker.badFiles()).total).toBe(0);
  }, 120_000);
});

describe('files that a server hands out', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  const asset = (bytes: Uint8Array) => ({
    id: 7,
    sha256: 'ab'.repeat(32),
    kind: 'photo' as const,
    format: 'jpeg',
    bytes: bytes.length,
    duration_ms: null,
  });
  const place = { path: '/nowhere/1.jpg', folder: '/nowhere' };

  async function listen(answer: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(answer as never);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('go on where the connection broke, and are gone afterwards', async () => {
    const bytes = await drawPhoto({ seed: 3, width: 1200, height: 900 });
    const ranges: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      expect(request.headers.authorization).toBe('Bearer secret');
      const { range } = request.headers;
      ranges.push(range);
      const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
      response.writeHead(start === 0 ? 200 : 206, { 'content-length': bytes.length - start });
      // Each answer breaks off but the third.
      const part = bytes.subarray(start, ranges.length < 3 ? start + 10_000 : undefined);
      response.write(part, () => (ranges.length < 3 ? setTimeout(() => response.destroy(), 50) : response.end()));
    });
    const folder = join(libraries.folder, 'served');
    const files = createServedFiles({ url, token: 'secret', folder });
    let path = '';
    {
      await using file = await files.open(asset(bytes), place, new AbortController().signal);
      path = String(file.path);
      expect((await readFile(path)).equals(bytes)).toBe(true);
    }
    expect(ranges).toEqual([undefined, 'bytes=10000-', 'bytes=20000-']);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('tell what is wrong with a file from what is wrong with the server', async () => {
    const bytes = await drawPhoto();
    const answers = [404, 401, 503];
    const url = await listen((_, response) => {
      response.writeHead(answers.shift() ?? 500, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ detail: 'said so' }));
    });
    const files = createServedFiles({ url, folder: join(libraries.folder, 'refused') });
    const signal = AbortSignal.timeout(60_000);
    await expect(files.open(asset(bytes), place, signal)).rejects.toMatchObject({
      code: 'not-found',
      message: 'said so',
    });
    await expect(files.writePicture(asset(bytes), 'grid', bytes, signal)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('token'),
    });
    await expect(files.writePicture(asset(bytes), 'grid', bytes, signal)).rejects.toMatchObject({ code: 'network' });
    const gone = createServedFiles({ url: 'http://127.0.0.1:1', folder: join(libraries.folder, 'refused') });
    const stop = AbortSignal.timeout(200);
    await expect(gone.open(asset(bytes), place, stop)).rejects.toMatchObject({ code: 'aborted' });
  });
});
