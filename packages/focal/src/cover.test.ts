import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Box, createRecipe, faceDistance, type Recipe } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFocal } from './create-focal.ts';
import type { FoundFace, PhotoToCover } from './media.ts';
import type { Focal } from './types.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const ALL = readdirSync(PHOTOS).filter((name) => /^sample\d\.jpg$/.test(name));
/** Of three people at a table. */
const TABLE = join(PHOTOS, 'sample1.jpg');
/** As near as this two faces may be of one person. */
const MAYBE_SAME = 0.6;
const SHOTS = process.env.FOCAL_TEST_SHOTS;

let focal: Focal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-cover-'));
  focal = await createFocal({ device: 'cpu' });
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** What guests get of a photo, and the faces that were in it. */
async function cover(path: string, options: Partial<PhotoToCover> = {}, name = 'covered') {
  const photo = { sha256: await hashOf(path), spared: [], told: [], ...options };
  const small = await focal.media.coverSmall({ path, kind: 'photo' }, photo);
  if (SHOTS !== undefined) await writeFile(join(SHOTS, `${name}.webp`), small.preview);
  return small;
}

const isNear = (a: Pick<FoundFace, 'vector'>, b: Pick<FoundFace, 'vector'>): boolean =>
  faceDistance(a.vector, b.vector) < MAYBE_SAME;

/** Faces that Focal finds in what guests get, looked at as large as possible. */
async function facesIn(small: { readonly grid: Uint8Array; readonly preview: Uint8Array }) {
  const large = await sharp(small.preview).resize(2400, 2400, { fit: 'inside' }).png().toBuffer();
  const found = await Promise.all([small.grid, small.preview, large].map((picture) => focal.media.facesOf(picture)));
  return found.flat();
}

const WALL: Box = { x: 0.02, y: 0.02, width: 0.06, height: 0.09 };

describe('photos with covered faces', { timeout: 240_000 }, () => {
  it.each(ALL)('give nobody away who was in %s', async (name) => {
    const path = join(PHOTOS, name);
    const before = await focal.media.facesOf(path);
    expect(before.length).toBeGreaterThan(0);
    const small = await cover(path, {}, name);
    const after = await facesIn(small);
    expect(after.filter((face) => before.some((other) => isNear(face, other)))).toEqual([]);
    const { width, height, format, exif } = await sharp(small.preview).metadata();
    expect([Math.max(width, height) <= 1440, format, exif]).toEqual([true, 'webp', undefined]);
  });

  it('leave the face that may stay, and no other', async () => {
    const before = await focal.media.facesOf(TABLE);
    expect(before.length).toBeGreaterThanOrEqual(3);
    const [kept, ...others] = before as [FoundFace, ...FoundFace[]];
    const after = await facesIn(await cover(TABLE, { spared: [kept] }, 'spared'));
    expect(after.filter((face) => isNear(face, kept)).length).toBeGreaterThanOrEqual(2);
    expect(after.filter((face) => others.some((other) => isNear(face, other)))).toEqual([]);
  });

  it('cover a face that is not like the one that may stay, or is another one’s, or is somewhere else', async () => {
    const [one, two] = (await focal.media.facesOf(TABLE)) as [FoundFace, FoundFace];
    for (const photo of [
      { spared: [{ box: one.box, vector: two.vector }] },
      { spared: [{ box: two.box, vector: one.vector }] },
      { spared: [one], told: [one] },
    ]) {
      const after = await facesIn(await cover(TABLE, photo));
      expect(after.filter((face) => isNear(face, one) || isNear(face, two))).toEqual([]);
    }
  });

  it('cover where it was told that a face is, whatever is seen there', async () => {
    const told = [{ box: WALL, rollDegrees: 0 }];
    const [plain, covered] = await Promise.all(
      [await cover(TABLE), await cover(TABLE, { told })].map(({ preview }) =>
        sharp(preview).removeAlpha().raw().toBuffer({ resolveWithObject: true }),
      ),
    );
    const { width, height } = covered?.info ?? { width: 0, height: 0 };
    const original = await sharp(TABLE).resize(width, height).raw().toBuffer();
    const difference = (data: Buffer | undefined): number => {
      let sum = 0;
      for (let y = Math.floor(WALL.y * height); y < (WALL.y + WALL.height) * height; y++) {
        const from = (y * width + Math.floor(WALL.x * width)) * 3;
        const to = (y * width + Math.floor((WALL.x + WALL.width) * width)) * 3;
        for (let i = from; i < to; i++) sum += Math.abs((data?.[i] ?? 0) - (original[i] ?? 0));
      }
      return sum;
    };
    expect(difference(covered?.data)).toBeGreaterThan(2 * difference(plain?.data));
  });

  it('cover what a version shows, cropped, and faces of a new background', async () => {
    const before = await focal.media.facesOf(TABLE);
    const crowd = await focal.media.facesOf(join(PHOTOS, 'sample2.jpg'));
    const cropped = createRecipe([{ effect: 'mono' }, { effect: 'reframe', params: { aspect: '1:1' } }]);
    const behind: Recipe = {
      ...createRecipe([{ effect: 'background', params: { kind: 'picture' }, assets: { background: 'behind' } }]),
      pictures: { behind: { base64: (await readFile(join(PHOTOS, 'sample2.jpg'))).toString('base64') } },
    };
    for (const [name, recipe] of Object.entries({ cropped, behind })) {
      const after = await facesIn(await cover(TABLE, { recipe }, `version-${name}`));
      expect(after.filter((face) => [...before, ...crowd].some((other) => isNear(face, other)))).toEqual([]);
    }
    const [kept, ...others] = before as [FoundFace, ...FoundFace[]];
    const after = await facesIn(await cover(TABLE, { recipe: behind, spared: [kept] }, 'version-spared'));
    expect(after.some((face) => isNear(face, kept))).toBe(true);
    expect(after.filter((face) => [...others, ...crowd].some((other) => isNear(face, other)))).toEqual([]);
  });

  it('cover faces of a new background also where the subject hides half of them', async () => {
    const behind = join(PHOTOS, 'sample2.jpg');
    const recipe: Recipe = {
      ...createRecipe([{ effect: 'background', params: { kind: 'picture' }, assets: { background: 'behind' } }]),
      pictures: { behind: { base64: (await readFile(behind)).toString('base64') } },
    };
    // Whose chin is behind somebody's head, so that nothing finds a face there any more.
    const middle = (await focal.media.facesOf(behind)).find(({ box }) => box.x > 0.4 && box.x < 0.55);
    if (middle === undefined) throw new Error('Expected somebody in the middle.');
    const small = [
      await focal.media.renderSmall({ path: TABLE, kind: 'photo' }, recipe),
      await cover(TABLE, { recipe }),
    ];
    const [plain, covered] = await Promise.all(
      small.map(({ preview }) => sharp(preview).removeAlpha().raw().toBuffer({ resolveWithObject: true })),
    );
    const [size, own] = [plain?.info ?? { width: 0, height: 0 }, await sharp(behind).metadata()];
    // It fills the picture, from its middle.
    const scale = Math.max(size.width / own.width, size.height / own.height);
    const at = (x: number, y: number) => [
      Math.round(size.width / 2 + (x - 0.5) * own.width * scale),
      Math.round(size.height / 2 + (y - 0.5) * own.height * scale),
    ];
    const { x, y, width, height } = middle.box;
    const [[left = 0, top = 0], [right = 0, bottom = 0]] = [
      at(x + width / 4, y),
      at(x + (width * 3) / 4, y + height / 3),
    ];
    let differences = 0;
    for (let row = top; row < bottom; row++) {
      for (let i = (row * size.width + left) * 3; i < (row * size.width + right) * 3; i++) {
        differences += Math.abs((plain?.data[i] ?? 0) - (covered?.data[i] ?? 0));
      }
    }
    expect(differences / ((bottom - top) * (right - left) * 3)).toBeGreaterThan(8);
  });

  it('refuse another file than the one whose faces are known, and videos', async () => {
    await expect(cover(TABLE, { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'corrupt-input' });
    const photo = { sha256: '0'.repeat(64), spared: [], told: [] };
    await expect(focal.media.coverSmall({ path: TABLE, kind: 'video' }, photo)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});
