import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import { isInBox } from './geometry.ts';
import { pickSubject } from './pick.ts';
import { alphaAt, deepestPoint, toRegionMatte } from './region.ts';
import type { MatteFact, Subject, SubjectsFact } from './scene.ts';

const provenance = { models: [] };

/** Blue with two red squares, which the matte of the scene may or may not know. */
function paintSquares(): Picture {
  const picture = createPicture(200, 150);
  for (let y = 0, i = 0; y < 150; y++) {
    for (let x = 0; x < 200; x++, i += 4) {
      const grain = (x * 7 + y * 13) % 9;
      picture.data.set(isSquare(x, y) ? [190 + grain, 40, 40, 255] : [30, 60 + grain, 170, 255], i);
    }
  }
  return picture;
}

function isSquare(x: number, y: number): boolean {
  return y >= 50 && y < 100 && ((x >= 30 && x < 80) || (x >= 120 && x < 170));
}

function matteOf(isInside: (x: number, y: number) => boolean): MatteFact {
  const matte = createMatte(200, 150);
  for (let y = 0; y < 150; y++) for (let x = 0; x < 200; x++) matte.data[y * 200 + x] = isInside(x, y) ? 255 : 0;
  return { matte, provenance };
}

function subject(id: string, isInside: (x: number, y: number) => boolean): Subject {
  const region = toRegionMatte(matteOf(isInside).matte);
  if (region === undefined) throw new Error('Expected a subject with something in it.');
  const { box } = region;
  return {
    id,
    kind: 'object',
    label: 'cup',
    score: 0.9,
    box,
    anchor: deepestPoint(region),
    matte: region,
    faceIds: [],
  };
}

const left = { x: 0.275, y: 0.5 };
const right = { x: 0.725, y: 0.5 };

test('of the subjects at a point the smallest is picked, by name and with its own matte', () => {
  const large = subject('large', (x, y) => x < 150 && y > 20);
  const small = subject('small', isSquare);
  const subjects: SubjectsFact = { subjects: [large, small], provenance };
  expect(pickSubject(paintSquares(), { subjects }, left)).toMatchObject({ basis: 'subject', subjectId: 'small' });
  expect(pickSubject(paintSquares(), { subjects }, { x: 0.05, y: 0.9 })).toMatchObject({ subjectId: 'large' });
});

test('of a matte with two parts only the one at the point is picked, as it is', () => {
  const pick = pickSubject(paintSquares(), { matte: matteOf(isSquare) }, left);
  expect(pick?.basis).toBe('matte');
  expect(pick?.box).toEqual({ x: 30 / 200, y: 50 / 150, width: 50 / 200, height: 50 / 150 });
  expect(pick?.matte.matte.data.every((value) => value === 255)).toBe(true);
});

test('what the matte does not know grows from the point', () => {
  const pick = pickSubject(paintSquares(), { matte: matteOf((x, y) => x < 100 && isSquare(x, y)) }, right);
  expect(pick?.basis).toBe('grown');
  const { box } = pick as { box: { x: number; y: number; width: number; height: number } };
  expect(box.x).toBeCloseTo(0.6, 1);
  expect(box.width).toBeCloseTo(0.25, 1);
});

test('a pick at the anchor of a pick gives it again', () => {
  const subjects = { subjects: [subject('one', (x, y) => x < 100 && isSquare(x, y))], provenance };
  const matte = matteOf((x, y) => x >= 100 && isSquare(x, y));
  for (const scene of [{ subjects }, { matte }, {}]) {
    for (const point of [left, right]) {
      const pick = pickSubject(paintSquares(), scene, point);
      expect(pick).toBeDefined();
      expect(pickSubject(paintSquares(), scene, pick?.anchor ?? point)).toEqual(pick);
    }
  }
});

test('a plain wall holds no subject, wherever it is clicked', () => {
  const wall = createPicture(160, 120, { data: new Uint8Array(160 * 120 * 4).fill(180) });
  for (const x of [0.02, 0.5, 0.8]) {
    for (const y of [0.49, 0.9]) expect(pickSubject(wall, {}, { x, y })).toBeUndefined();
  }
});

test('points outside of the picture pick nothing', () => {
  for (const point of [
    { x: -0.1, y: 0.5 },
    { x: 0.5, y: 1.01 },
    { x: Number.NaN, y: 0.5 },
  ]) {
    expect(pickSubject(paintSquares(), { matte: matteOf(() => true) }, point)).toBeUndefined();
  }
});

test('whatever the picture, matte and point, a pick lies in the picture and holds its anchor in its box', () => {
  const size = fc.integer({ min: 1, max: 14 });
  const bytes = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });
  const picture = fc
    .tuple(size, size)
    .chain(([width, height]) => bytes(width * height * 4).map((data) => createPicture(width, height, { data })));
  const matte = fc
    .tuple(size, size)
    .chain(([width, height]) => bytes(width * height).map((data) => createMatte(width, height, { data })));
  const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  let picks = 0;
  fc.assert(
    fc.property(picture, fc.option(matte), share, share, (photo, known, x, y) => {
      const scene = known === null ? {} : { matte: { matte: known, provenance } };
      const pick = pickSubject(photo, scene, { x, y });
      expect(pickSubject(photo, scene, { x, y })).toEqual(pick);
      if (pick === undefined) return;
      picks++;
      expect(pick.box.x).toBeGreaterThanOrEqual(0);
      expect(pick.box.x + pick.box.width).toBeLessThanOrEqual(1 + 1e-9);
      expect(pick.box.y + pick.box.height).toBeLessThanOrEqual(1 + 1e-9);
      const isSure = isInBox(pick.anchor, pick.box) && alphaAt(pick.matte, pick.anchor) >= 128;
      expect(isSure || pick.basis === 'grown').toBe(true);
    }),
    { numRuns: 200 },
  );
  expect(picks).toBeGreaterThan(20);
});
