import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawPhoto, put } from './fixtures/photos.ts';
import { DATABASES, useLibraries } from './fixtures/test-library.ts';

const libraries = useLibraries();
const PHOTOS = 24;
const KILLS = 4;

/** Each photo shows one of three people. As text it is part of the script below. */
function lookAt(path: string) {
  const number = Number(/(\d+)\.jpg$/.exec(path)?.[1] ?? 0);
  const vector = Float32Array.from({ length: 128 }, (_, i) =>
    i === number % 3 ? 0.8 : 0.02 * Math.sin(i * 7 + number),
  );
  const box = { x: 0.3, y: 0.3, width: 0.3, height: 0.4 };
  const faces = [{ box, score: 0.9, rollDegrees: 0, quality: { overall: 0.7 }, vector }];
  return { focalPoint: { x: 0.5, y: 0.5 }, scene: { faces: { faces } } };
}

/** A process that opens the library, adds the folder, rates photos and prints each rating that was acknowledged. */
const SCRIPT = `
  const [library, focal, folder, photos, home, databaseUrl] = process.argv.slice(1);
  const { openLibrary } = await import(library);
  const { createFocal } = await import(focal);
  const { media } = await createFocal({ home, device: 'cpu' });
  const look = ${lookAt.toString()};
  const find = async ({ path }) => look(String(path));
  const opened = await openLibrary({
    folder, media: { ...media, find }, ...(databaseUrl && { databaseUrl }), onError: (error) => console.error(error) });
  await opened.folders.add(photos).catch(() => opened.folders.rescan());
  console.log('open');
  for (let rating = 1; ; rating = (rating % 5) + 1) {
    const { assets } = await opened.list();
    for (const { id } of assets) {
      await opened.change([id], { rating });
      console.log('rated ' + id + ' ' + rating);
    }
    await new Promise((done) => setTimeout(done, 5));
  }`;

const here = (path: string): string => new URL(path, import.meta.url).href;

test.each(DATABASES)(
  'on the %s database, no acknowledged change and no job is lost when the process is killed',
  async (kind) => {
    const home = `killed-${kind}`;
    const photos = join(libraries.folder, home);
    for (let seed = 0; seed < PHOTOS; seed++)
      await put(join(photos, `${seed}.jpg`), await drawPhoto({ seed: seed + 1 }));
    await (await libraries.open(kind, { home, works: false })).close();
    const ratings = new Map<number, number>();
    for (let round = 0; round < KILLS; round++) {
      const child = spawn(process.execPath, [
        '--input-type=module',
        '-e',
        SCRIPT,
        here('../dist/index.js'),
        here('../../focal/dist/index.js'),
        libraries.libraryFolder(home),
        photos,
        join(libraries.folder, 'home'),
        libraries.databaseUrl(home) ?? '',
      ]);
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += String(chunk);
      });
      let text = '';
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk) => {
          text += String(chunk);
          // At another moment in each round, the first ones while files are still being read.
          if (text.split('\nrated ').length > 1 + round * 7) resolve();
        });
        child.once('exit', () => reject(new Error(`The process ended by itself: ${errors}`)));
      });
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      await once(child, 'close');
      // The last line may be half.
      for (const [, id, rating] of text.matchAll(/^rated (\d+) (\d)\n/gm)) ratings.set(Number(id), Number(rating));
      const library = await libraries.open(kind, { home, works: false });
      for (const [id, rating] of ratings) {
        const found = (await library.get(id)).rating;
        // The one that was under way may have been kept without being acknowledged.
        expect([rating, (rating % 5) + 1]).toContain(found);
        ratings.set(id, found);
      }
      await library.close();
    }
    libraries.media.counts.thumbnails = 0;
    libraries.media.see(({ path }) => lookAt(String(path)));
    await using library = await libraries.open(kind, { home });
    await library.folders.rescan();
    await library.idle();
    const { assets } = await library.list();
    expect(assets).toHaveLength(PHOTOS);
    expect(assets.every(({ isIndexed }) => isIndexed)).toBe(true);
    expect((await library.timeline()).reduce((sum, { count }) => sum + count, 0)).toBe(PHOTOS);
    expect((await library.badFiles()).total).toBe(0);
    // Every face belongs to somebody, once.
    const { people } = await library.people.list();
    expect(people.map(({ faces }) => faces)).toEqual([8, 8, 8]);
    const faces = await Promise.all(people.map(({ id }) => library.people.faces(id)));
    expect(new Set(faces.flatMap((page) => page.faces.map(({ assetId }) => assetId))).size).toBe(PHOTOS);
    expect((await library.people.faces(null)).faces).toEqual([]);
    expect(ratings.size).toBeGreaterThan(0);
  },
  600_000,
);
