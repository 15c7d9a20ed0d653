import { expect, test } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import type { Pick } from './pick.ts';
import { pickSchema, toPickedScene, toPickJson } from './picked.ts';
import type { Scene, Subject } from './scene.ts';
import { toMatteSize } from './scene-json.ts';

const square = createMatte(20, 20, { data: new Uint8Array(400).fill(255) });
const box = { x: 0.25, y: 0.5, width: 0.25, height: 0.25 };
const matte = { box, matte: square };
const anchor = { x: 1 / 3, y: 0.6 };
const cup: Subject = {
  id: 'cup-1',
  kind: 'object',
  label: 'cup',
  score: 0.8,
  box,
  anchor,
  matte,
  faceIds: [],
};
const scene: Scene = {
  version: 1,
  width: 400,
  height: 200,
  facts: ['matte', 'subjects'],
  matte: { matte: createMatte(64, 64), provenance: { models: ['isnet-medium'], notice: 'Only that.' } },
  subjects: { subjects: [cup], provenance: { models: ['centernet'] } },
};
const picked: Pick = { basis: 'subject', subjectId: 'cup-1', box, anchor, matte };
const grown: Pick = { basis: 'grown', box, anchor, matte };

test('a picked scene has the pick for its matte, and all else as before', () => {
  const { matte: fact, ...rest } = toPickedScene(scene, picked);
  const { width, height, data } = fact.matte;
  expect([width, height]).toEqual([1024, 512]);
  const at = (x: number, y: number) => data[Math.floor(y * height) * width + Math.floor(x * width)];
  expect([at(0.3, 0.6), at(0.48, 0.74), at(0.2, 0.6), at(0.3, 0.45), at(0.55, 0.6)]).toEqual([255, 255, 0, 0, 0]);
  const { matte: _, ...before } = scene;
  expect(rest).toEqual(before);
});

test('the JSON of a pick names its subject, rounds fractions, and tells which models stand behind it', () => {
  const json = toPickJson(scene, { x: 1 / 3, y: 0.6 }, picked, { matte: toMatteSize });
  expect(pickSchema.parse(json)).toEqual(json);
  expect(json).toMatchObject({
    point: { x: 0.333333, y: 0.6 },
    basis: 'subject',
    subject: { id: 'cup-1', kind: 'object', label: 'cup', score: 0.8 },
    anchor: { x: 0.333333, y: 0.6 },
    matte: { box, matte: { width: 20, height: 20 } },
    provenance: { models: ['centernet'] },
  });
  expect(json.matte.matte.packbits).toBeUndefined();
});

test('what was grown has no name, its alpha where that is asked for, and what the user should know', () => {
  const json = pickSchema.parse(toPickJson(scene, anchor, grown));
  expect(json.subject).toBeUndefined();
  expect(json.matte.matte.packbits?.length).toBeGreaterThan(0);
  expect(json.provenance).toEqual({ models: ['isnet-medium'], notice: 'Only that.' });
  expect(toPickJson({ version: 1, width: 4, height: 4, facts: [] }, anchor, grown).provenance).toEqual({ models: [] });
});
