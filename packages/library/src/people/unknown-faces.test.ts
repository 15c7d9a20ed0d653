import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import type { FoundFaceVector, FoundScene } from '../media.ts';

const libraries = useLibraries();

function vectorOf(person: number, variant: number): Float32Array {
  return Float32Array.from({ length: 128 }, (_, i) => (i === person ? 0.8 : 0.01 * Math.sin(i * 7 + variant)));
}
function faceOf(person: number, variant: number, quality: number, x = 0.3, score = 0.9): FoundFaceVector {
  const box = { x, y: 0.3, width: 0.2, height: 0.3 };
  return { box, score, rollDegrees: 0, quality: { overall: quality }, vector: vectorOf(person, variant) };
}

/** `1-2` shows person 1; from 8 on they are small, from 20 on hardly faces. */
beforeEach(() =>
  libraries.media.see(({ path }): FoundScene => {
    const [person = 0, variant = 0] = (/(\d+-\d+)\.jpg$/.exec(String(path))?.[1] ?? '').split('-').map(Number);
    const isDoubtful = person >= 20;
    const faces = [faceOf(person, variant, person >= 8 && !isDoubtful ? 0.1 : 0.7, 0.3, isDoubtful ? 0.47 : 0.9)];
    return { focalPoint: { x: 0.5, y: 0.5 }, scene: { faces: { faces } } };
  }),
);

let seed = 1;
async function openWith(kind: 'embedded' | 'server', names: readonly string[]): Promise<Library> {
  const shown = [faceOf(1, 20, 0.7, 0.1), faceOf(2, 20, 0.7, 0.6)];
  const library = await libraries.open(kind, { media: { ...libraries.media, facesOf: async () => shown } });
  const folder = join(libraries.folder, `unknown-${seed}`);
  for (const name of names) await put(join(folder, `${name}.jpg`), await drawPhoto({ seed: seed++, width: 192 }));
  await library.folders.add(folder);
  await library.idle();
  return library;
}

describe.each(DATABASES)('faces of nobody known on the %s database', (kind) => {
  test('are listed with small ones apart, and hidden at once without being taken for one person', async () => {
    await using library = await openWith(kind, ['1-1', '1-2', '2-1', '8-1', '9-1']);
    const small = (await library.people.faces(null, { isSmall: true })).faces;
    expect(small).toHaveLength(2);
    expect((await library.people.faces(null, { isSmall: false })).faces).toEqual([]);
    expect((await library.people.faces(null)).faces).toHaveLength(2);

    const before = (await library.people.list({ isHidden: true })).people;
    expect(before).toEqual([]);
    const { action } = await library.people.hideFaces(small.map(({ id }) => id));
    expect((await library.people.faces(null)).faces).toEqual([]);
    expect((await library.people.list({ isHidden: true })).people).toHaveLength(2);
    expect(await library.people.undo(action)).toMatchObject({ undone: 'hide-faces' });
    expect((await library.people.faces(null, { isSmall: true })).faces).toHaveLength(2);
    expect((await library.people.list({ isHidden: true })).people).toEqual([]);
    await expect(library.people.hideFaces([])).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(library.people.hideFaces([99_999])).rejects.toMatchObject({ code: 'not-found' });
  });

  test('are kept apart where they are hardly faces, however alike, until they are said to be somebody', async () => {
    await using library = await openWith(kind, ['20-1', '20-2', '20-3', '1-1', '1-2']);
    const { people } = library;
    expect((await people.list()).people.map(({ faces }) => faces)).toEqual([2]);
    const { faces } = await people.faces(null, { isSmall: true });
    expect(faces).toHaveLength(3);
    await people.split(
      faces.map(({ id }) => id),
      'Ada',
    );
    expect((await people.list()).people.map(({ name, faces: count }) => [name, count])).toContainEqual(['Ada', 3]);
  });

  test('are searched for by any face of a picture, and by one of the library', async () => {
    await using library = await openWith(kind, ['1-1', '1-2', '2-1', '2-2']);
    const first = await library.people.search(new Uint8Array());
    const second = await library.people.search(new Uint8Array(), { face: 1 });
    expect(first.boxes.map(({ x }) => x)).toEqual([0.1, 0.6]);
    expect([first.box.x, second.box.x]).toEqual([0.1, 0.6]);
    expect(first.people[0]?.person.id).not.toBe(second.people[0]?.person.id);
    await expect(library.people.search(new Uint8Array(), { face: 2 })).rejects.toMatchObject({ code: 'not-found' });

    const [face] = second.faces;
    const alike = await library.people.resembling(face?.face.id ?? 0);
    expect(alike.people[0]?.person.id).toBe(second.people[0]?.person.id);
    expect(alike.faces.map((each) => each.face.id)).not.toContain(face?.face.id);
    expect(alike.faces[0]?.distance).toBeLessThan(0.3);
    await expect(library.people.resembling(99_999)).rejects.toMatchObject({ code: 'not-found' });
  });
});
