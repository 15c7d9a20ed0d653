import { expect, test } from 'vitest';
import { VECTOR_LENGTH } from './cluster-protocol.ts';
import { matchSeen, type SeenFace } from './match-seen.ts';

const face = (atMs: number | null, x: number, who?: number): SeenFace => ({
  atMs,
  box: { x, y: 0, width: 0.1, height: 0.1 },
  vector: who === undefined ? null : Array.from({ length: VECTOR_LENGTH }, (_, k) => Number(k === who)),
});

test('faces of one picture are matched by where they are, whoever they look like', () => {
  expect(matchSeen([face(null, 0, 1), face(null, 0.5, 2)], [face(null, 0.5, 1), face(null, 0.01, 2)])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(matchSeen([face(null, 0, 1)], [face(null, 0.5, 1)])).toEqual([]);
});

test('faces of other frames are matched by who they look like, wherever they are', () => {
  expect(matchSeen([face(null, 0, 1), face(4000, 0, 2)], [face(8000, 0, 2), face(4000, 0.5, 1)])).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test('places of different frames say nothing, nor do faces without vectors', () => {
  expect(matchSeen([face(null, 0, 1)], [face(4000, 0, 2)])).toEqual([]);
  expect(matchSeen([face(null, 0)], [face(4000, 0)])).toEqual([]);
});

test('what is in the same place goes before what looks alike', () => {
  expect(matchSeen([face(4000, 0, 1), face(null, 0, 1)], [face(4000, 0, 1)])).toEqual([[0, 0]]);
});
