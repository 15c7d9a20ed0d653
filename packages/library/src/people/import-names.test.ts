import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drawPhoto, put } from '../fixtures/photos.ts';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import type { Library } from '../library.ts';
import type { FoundScene, MediaSource } from '../media.ts';
import { type Orientation, type RegionBox, toStored } from '../xmp/regions.ts';
import { writeXmp } from '../xmp/write-xmp.ts';
import { matchRegions } from './match-regions.ts';

const libraries = useLibraries();

/** People differ by about 1.1, faces of one by little. */
function vectorOf(person: number, variant: number): Float32Array {
  return Float32Array.from({ length: 128 }, (_, i) => (i === person ? 0.8 : 0.01 * Math.sin(i * 7 + variant)));
}

const boxOf = (place: number) => ({ x: 0.1 + place * 0.4, y: 0.2, width: 0.2, height: 0.3 });

/** `1-3+2-1` shows persons 1 and 2. */
function sceneOf({ path }: MediaSource): FoundScene {
  const name = /([^/]+)\.jpg$/.exec(String(path))?.[1] ?? '';
  const faces = name.split('+').map((each, i) => {
    const [person = 0, variant = 0] = each.split('-').map(Number);
    const box = boxOf(i);
    return { box, score: 0.9, rollDegrees: 0, quality: { overall: 0.7 }, vector: vectorOf(person, variant) };
  });
  return { focalPoint: { x: 0.5, y: 0.5 }, scene: { faces: { faces } } };
}
beforeEach(() => libraries.media.see(sceneOf));

let seed = 1;
let library: Library;
let folder: string;
afterEach(() => library.close());

async function open(kind: 'embedded' | 'server', names: readonly string[]): Promise<void> {
  library = await libraries.open(kind);
  folder = join(libraries.folder, `named-${seed}`);
  for (const name of names) await put(join(folder, `${name}.jpg`), await drawPhoto({ seed: seed++, width: 192 }));
}
async function look(): Promise<void> {
  await library.folders.add(folder).catch(() => library.folders.rescan());
  await library.idle();
}
/** Names of who is where, as another program writes them beside a photo. */
async function say(
  photo: string,
  regions: readonly (readonly [name: string, box: RegionBox])[],
  turn: Orientation = 1,
): Promise<void> {
  const faces = regions.map(([name, box]) => ({ name, type: 'Face', box: toStored(box, turn) }));
  await put(join(folder, `${photo}.jpg.xmp`), writeXmp({ regions: { width: 192, height: 64, faces } }));
}
/** Who is seen in a photo, by place; with the number of photos of each. */
async function who(photo: string): Promise<readonly string[]> {
  const { assets } = await library.list({ filter: { words: [photo] } });
  const { faces } = await library.get(assets[0]?.id ?? 0);
  return [...faces].sort((a, b) => a.box.x - b.box.x).map(({ person }) => person?.name ?? 'nobody');
}
const people = async () => (await library.people.list()).people.map(({ name, faces }) => `${name} ${faces}`).sort();

describe.each(DATABASES)('names of other programs on the %s database', (kind) => {
  test('name people with all of their faces, once, and are taken back as one', async () => {
    await open(kind, ['1-1', '1-2', '1-3', '2-1', '2-2']);
    await say('1-2', [['Ada', boxOf(0)]]);
    await say('2-1', [['Berta', { x: 0.12, y: 0.25, width: 0.15, height: 0.2 }]]);
    await look();
    expect(await people()).toEqual(['Ada 3', 'Berta 2']);
    expect(await who('1-2')).toEqual(['Ada']);
    expect(await library.people.undo()).toMatchObject({ undone: 'import-names' });
    expect(await people()).toEqual([' 2', ' 3']);
    await library.folders.rescan();
    await library.idle();
    expect(await people()).toEqual([' 2', ' 3']);
  });

  test('give way to what a user said, of a name and of a face', async () => {
    await open(kind, ['1-1', '1-2', '1-3', '2-1', '2-2']);
    await look();
    const [one, two] = (await library.people.list()).people;
    await library.people.change(one?.id ?? 0, { name: 'Zoë' });
    const [mine] = (await library.people.faces(two?.id ?? 0)).faces;
    await library.people.split([mine?.id ?? 0], 'Cleo');
    await say('1-1', [['Ada', boxOf(0)]]);
    for (const photo of ['2-1', '2-2']) await say(photo, [['Berta', boxOf(0)]]);
    await library.folders.rescan();
    await library.idle();
    expect(await people()).toEqual(['Berta 1', 'Cleo 1', 'Zoë 3']);
    // A name that came from there is the user's once the user gives another.
    const { people: now } = await library.people.list();
    await library.people.change(now.find(({ name }) => name === 'Berta')?.id ?? 0, { name: 'Betty' });
    await say('2-1', [['Bea', boxOf(0)]]);
    await say('2-2', [['Bea', boxOf(0)]]);
    await library.folders.rescan();
    await library.idle();
    expect(await people()).toEqual(['Betty 1', 'Cleo 1', 'Zoë 3']);
  });

  test('split one person by two names, and join two of one name', async () => {
    await open(kind, ['1-1', '1-2', '1-3', '1-4', '3-1', '3-2', '4-1', '4-2']);
    await say('1-1', [['Ada', boxOf(0)]]);
    await say('1-4', [['Ida', boxOf(0)]]);
    await say('3-1', [['Eve', boxOf(0)]]);
    await say('4-2', [['eve', boxOf(0)]]);
    await look();
    const names = await people();
    expect(names).toContain('Eve 4');
    expect([await who('1-1'), await who('1-4')]).toEqual([['Ada'], ['Ida']]);
  });

  test('make nobody two in one photo', async () => {
    await open(kind, ['1-1+2-1', '1-2', '2-2']);
    await say('1-1+2-1', [
      ['Ada', boxOf(0)],
      ['Ada', boxOf(1)],
    ]);
    await look();
    expect((await who('1-1+2-1')).filter((name) => name === 'Ada')).toHaveLength(1);
  });

  test('are faces where none was found, and none where a user said so', async () => {
    await open(kind, ['1-1', '1-2']);
    await say('1-1', [
      ['Ada', boxOf(0)],
      ['Behind', { x: 0.7, y: 0.6, width: 0.1, height: 0.2 }],
    ]);
    await look();
    expect(await who('1-1')).toEqual(['Ada', 'Behind']);
    expect(await people()).toEqual(['Ada 2', 'Behind 1']);
    await library.people.undo();
    expect(await who('1-1')).toEqual(['']);

    const { assets } = await library.list({ filter: { words: ['1-2'] } });
    const [face] = (await library.get(assets[0]?.id ?? 0)).faces;
    await library.people.removeFaces([face?.id ?? 0]);
    await say('1-2', [['Ada', boxOf(0)]]);
    await library.folders.rescan();
    await library.idle();
    expect(await who('1-2')).toEqual([]);
  });
});

test('regions are of a face where they overlap, or hold the middle of each other; each of one', () => {
  const face = { x: 0.4, y: 0.4, width: 0.1, height: 0.1 };
  const wide = { x: 0.35, y: 0.35, width: 0.2, height: 0.2 };
  const far = { x: 0.7, y: 0.4, width: 0.1, height: 0.1 };
  const huge = { x: 0, y: 0, width: 0.9, height: 0.9 };
  expect(matchRegions([wide], [far, face])).toEqual([[0, 1]]);
  expect(matchRegions([far, huge], [face])).toEqual([]);
  expect(matchRegions([wide, face], [face])).toEqual([[1, 0]]);
});
