import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeClip } from '@focal/testing/video';
import { sql } from 'kysely';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import type { FoundScene, MediaSource } from '../media.ts';
import { openEmbeddedStore } from '../store/embedded/open-embedded-store.ts';
import { openServerStore } from '../store/open-server-store.ts';

const libraries = useLibraries();

/** Of the clip: red for two seconds, then blue. */
const TURNS_MS = 2000;
const [SIDE, RATE] = [64, 5];

function vectorOf(person: number, variant: number): Float32Array {
  return Float32Array.from({ length: 128 }, (_, i) => (i === person ? 0.8 : 0.01 * Math.sin(i * 7 + variant)));
}

function faceOf(person: number, variant: number, x: number, atMs?: number) {
  return {
    ...(atMs !== undefined && { atMs }),
    box: { x, y: 0.3, width: 0.2, height: 0.3 },
    score: 0.9,
    rollDegrees: 0,
    quality: { overall: 0.7 },
    vector: vectorOf(person, variant),
  };
}

const thing = (label: string, atMs: number) => ({
  label,
  score: 0.9,
  atMs,
  box: { x: 0, y: 0, width: 1, height: 1 },
});

/** Person 1 alone, then beside person 2, who looks another way once more. */
const VIDEO: FoundScene = {
  focalPoint: { x: 0.5, y: 0.5 },
  scene: {
    faces: { faces: [faceOf(1, 1, 0.1), faceOf(1, 2, 0.1, 3000), faceOf(2, 3, 0.6, 3000), faceOf(2, 4, 0.3, 3800)] },
    objects: { objects: [thing('dog', 3000)] },
  },
};

function photoOf({ path }: MediaSource): FoundScene {
  const person = Number(/(\d)-\d\.jpg$/.exec(String(path))?.[1]);
  return { focalPoint: { x: 0.5, y: 0.5 }, scene: { faces: { faces: [faceOf(person, person + 10, 0.3)] } } };
}

async function openWith(kind: 'embedded' | 'server', home: string): Promise<Library> {
  libraries.media.see((source) => (source.kind === 'video' ? VIDEO : photoOf(source)));
  const folder = join(libraries.folder, `videos-${home}`);
  await mkdir(folder, { recursive: true });
  for (const person of [1, 2]) {
    await put(join(folder, `${person}-1.jpg`), await drawPhoto({ seed: person, width: 192 }));
  }
  await makeClip({
    path: join(folder, 'clip.mp4'),
    width: SIDE,
    height: SIDE,
    timestamps: Array.from({ length: 4 * RATE }, (_, i) => i / RATE),
    draw: (frame) => {
      const isLate = (frame / RATE) * 1000 >= TURNS_MS;
      const color = isLate ? [0, 0, 200, 255] : [200, 0, 0, 255];
      return Uint8Array.from({ length: SIDE * SIDE * 4 }, (_, i) => color[i % 4] ?? 0);
    },
  });
  const library = await libraries.open(kind, { home });
  await library.folders.add(folder);
  await library.idle();
  return library;
}

async function videoOf(library: Library): Promise<number> {
  const { assets } = await library.list({ filter: { kind: 'video' } });
  return assets[0]?.id ?? 0;
}

describe.each(DATABASES)('people in videos on the %s database', { timeout: 120_000 }, (kind) => {
  test('are one over frames of a video and photos, and two where one frame shows both', async () => {
    await using library = await openWith(kind, `frames-${kind}`);
    const { people } = await library.people.list();
    expect(people.map(({ faces }) => faces)).toEqual([3, 3]);
    const details = await library.get(await videoOf(library));
    expect(details.faces.map(({ atMs }) => atMs)).toEqual([400, 3000, 3000, 3800]);
    const [a, , b] = details.faces;
    expect(a?.person?.id).not.toBe(b?.person?.id);
    expect(details.things).toMatchObject([{ label: 'dog', atMs: 3000 }]);
    expect((await library.list({ filter: { things: ['dog'] } })).assets.map(({ id }) => id)).toEqual([details.id]);
    const { faces } = await library.people.faces(people[0]?.id ?? 0);
    expect(faces.filter(({ atMs }) => atMs !== undefined)).toHaveLength(2);
  });

  test('are shown as they are in their frames', async () => {
    await using library = await openWith(kind, `pictures-${kind}`);
    const { faces } = await library.get(await videoOf(library));
    const colors = [];
    for (const { id } of faces) {
      const { path } = await library.facePicture(id);
      const { dominant } = await sharp(path).stats();
      colors.push(dominant.r > dominant.b ? 'red' : 'blue');
    }
    expect(colors).toEqual(['red', 'blue', 'blue', 'blue']);
  });

  test('are merged only where that frame is said to show one of them twice, and that is undone', async () => {
    const home = `double-${kind}`;
    const library = await openWith(kind, home);
    const video = await videoOf(library);
    const [a, b] = (await library.people.list()).people.map(({ id }) => id);
    await expect(library.people.merge(a ?? 0, [b ?? 0])).rejects.toThrow(/seen in one photo/);
    await library.people.setDouble(video, true);
    expect((await library.get(video)).isDouble).toBe(true);
    await library.people.merge(a ?? 0, [b ?? 0]);
    expect((await library.people.list()).people.map(({ faces }) => faces)).toEqual([6]);
    await library.close();

    await using again = await libraries.open(kind, { home });
    expect((await again.people.list()).people.map(({ faces }) => faces)).toEqual([6]);
    await again.people.undo();
    await again.people.undo();
    expect((await again.get(video)).isDouble).toBe(false);
    await expect(again.people.merge(a ?? 0, [b ?? 0])).rejects.toThrow(/seen in one photo/);
  });

  test('stay who they are when videos that were looked at once are looked through, and photos are left alone', async () => {
    const home = `anew-${kind}`;
    const library = await openWith(kind, home);
    const video = await videoOf(library);
    const before = await library.get(video);
    const named = before.faces[0]?.person?.id ?? 0;
    await library.people.change(named, { name: 'Ada' });
    await library.close();
    {
      const url = libraries.databaseUrl(home);
      await using store = await (url === undefined
        ? openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1)
        : openServerStore(url, 1));
      await sql`update assets set scene_version = 1`.execute(store.db);
    }
    // Each is seen best somewhere else.
    const later = [faceOf(1, 5, 0.4, 2200), faceOf(2, 6, 0.2, 3400)];
    libraries.media.see({ ...VIDEO, scene: { faces: { faces: later } } });
    const found = libraries.media.counts.found;
    await using again = await libraries.open(kind, { home });
    await again.idle();
    expect(libraries.media.counts.found - found).toBe(1);
    const after = await again.get(video);
    expect(after.faces.map(({ atMs }) => atMs)).toEqual([2200, 3400]);
    const known = new Set(before.faces.map(({ id }) => id));
    expect(after.faces.every(({ id }) => known.has(id))).toBe(true);
    expect(after.faces[0]?.person).toEqual({ id: named, name: 'Ada' });
    expect(await again.people.get(named)).toMatchObject({ faces: 2 });
  });
});
