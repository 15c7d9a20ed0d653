import {
  alphaAt,
  type Box,
  createMatte,
  createPicture,
  type DetectedObject,
  type Matte,
  type Picture,
  pickSubject,
  type Subject,
  toRegionMatte,
} from '@focal/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segmentThings } from './things.ts';

type Within = (x: number, y: number) => boolean;

const isMug: Within = (x, y) => Math.hypot(x - 120, y - 90) < 40;
const mugBox = { x: 80 / 240, y: 50 / 180, width: 80 / 240, height: 80 / 180 };

function paint(isThing: Within): Picture {
  const picture = createPicture(240, 180);
  for (let y = 0, i = 0; y < 180; y++) {
    for (let x = 0; x < 240; x++, i += 4) {
      const grain = (x * 7 + y * 13) % 9;
      picture.data.set(isThing(x, y) ? [190 + grain, 40, 40, 255] : [30, 60 + grain, 170, 255], i);
    }
  }
  return picture;
}

function matteOf(isInside: Within): Matte {
  const matte = createMatte(240, 180);
  for (let y = 0; y < 180; y++) for (let x = 0; x < 240; x++) matte.data[y * 240 + x] = isInside(x, y) ? 255 : 0;
  return matte;
}

function thing(label: string, box: Box, score = 0.8): DetectedObject {
  return { label, score, box };
}

function personOf(isInside: Within): Subject {
  const matte = toRegionMatte(matteOf(isInside));
  if (matte === undefined) throw new Error('Expected a person with something in the matte.');
  const anchor = { x: 0.5, y: 0.5 };
  return { id: 'person-1', kind: 'person', label: 'person', score: 1, box: matte.box, anchor, matte, faceIds: [] };
}

/** Intersection over union of the thing's matte and what is there. */
function overlap(subject: Subject | undefined, isInside: Within): number {
  if (subject === undefined) return 0;
  let both = 0;
  let either = 0;
  for (let y = 0; y < 180; y++) {
    for (let x = 0; x < 240; x++) {
      const found = alphaAt(subject.matte, { x: (x + 0.5) / 240, y: (y + 0.5) / 180 }) >= 128;
      if (found && isInside(x, y)) both++;
      if (found || isInside(x, y)) either++;
    }
  }
  return both / either;
}

test('a thing that the matte does not have is cut out of its box', () => {
  for (const matte of [undefined, matteOf((x) => x < 20)]) {
    const [mug] = segmentThings(paint(isMug), [thing('cup', mugBox)], matte, []);
    expect(mug).toMatchObject({ id: 'cup-1', kind: 'object', label: 'cup', score: 0.8, faceIds: [] });
    expect(overlap(mug, isMug)).toBeGreaterThan(0.93);
  }
});

test('where matte and box agree the matte decides, whatever the colours say', () => {
  const isTall: Within = (x, y) => x > 90 && x < 150 && y > 55 && y < 125;
  const [mug] = segmentThings(paint(isMug), [thing('cup', mugBox)], matteOf(isTall), []);
  expect(overlap(mug, isTall)).toBeGreaterThan(0.9);
});

test('what belongs to a person in front is not the thing’s', () => {
  const isPerson: Within = (x) => x < 110;
  const isRest: Within = (x, y) => isMug(x, y) && !isPerson(x, y);
  const [mug] = segmentThings(paint(isMug), [thing('couch', mugBox)], undefined, [personOf(isPerson)]);
  expect(overlap(mug, isRest)).toBeGreaterThan(0.85);
});

test('what a person holds is its own', () => {
  const [phone] = segmentThings(paint(isMug), [thing('cell phone', mugBox)], undefined, [personOf(() => true)]);
  expect(phone?.id).toBe('cell-phone-1');
  expect(overlap(phone, isMug)).toBeGreaterThan(0.9);
});

test('things are numbered by label, the largest first, and people are left to others', () => {
  const small = { x: 0.1, y: 0.1, width: 0.1, height: 0.1 };
  const objects = [thing('cup', small, 0.9), thing('person', mugBox), thing('cup', mugBox), thing('dog', small)];
  const ids = segmentThings(paint(isMug), objects, undefined, []).map((subject) => subject.id);
  expect([...ids].sort()).toEqual(['cup-1', 'cup-2', 'dog-1']);
  expect(ids[0]).toBe('cup-1');
});

test('a pick at its anchor gives the thing again', () => {
  const subjects = segmentThings(paint(isMug), [thing('cup', mugBox)], undefined, []);
  const scene = { subjects: { subjects, provenance: { models: [] } } };
  for (const subject of subjects) {
    expect(pickSubject(paint(isMug), scene, subject.anchor)?.subjectId).toBe(subject.id);
  }
  expect(subjects.length).toBe(1);
});

test('any picture and any boxes give mattes within the picture, the same each time', () => {
  const share = fc.double({ min: -0.3, max: 1.3, noNaN: true });
  const length = fc.double({ min: 0, max: 1.2, noNaN: true });
  const anyThing = fc.record({
    label: fc.constantFrom('cup', 'dog'),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    box: fc.record({ x: share, y: share, width: length, height: length }),
  });
  const anyPicture = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
        .map((data) => createPicture(width, height, { data })),
    );
  fc.assert(
    fc.property(anyPicture, fc.array(anyThing, { maxLength: 3 }), (picture, objects) => {
      const things = segmentThings(picture, objects, undefined, []);
      expect(segmentThings(picture, objects, undefined, [])).toEqual(things);
      for (const { box, matte } of things) {
        expect(matte.matte.data.some((value) => value >= 128)).toBe(true);
        expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
        expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
    { numRuns: 100 },
  );
});
