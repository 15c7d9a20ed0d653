import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutGrid, type GridGraph } from './min-cut.ts';

function costOf(graph: GridGraph, sides: Uint8Array): number {
  const { width, height, terminal, right, down, downRight, downLeft } = graph;
  let cost = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const own = terminal[i] as number;
      if (sides[i] === 1) cost += Math.max(0, -own);
      else cost += Math.max(0, own);
      const part = (other: number, edge: Int32Array) => {
        if (sides[i] !== sides[other]) cost += edge[i] as number;
      };
      if (x + 1 < width) part(i + 1, right);
      if (y + 1 < height) part(i + width, down);
      if (x + 1 < width && y + 1 < height) part(i + width + 1, downRight);
      if (x > 0 && y + 1 < height) part(i + width - 1, downLeft);
    }
  }
  return cost;
}

function anyGraph(most: number, mostPixels: number) {
  return fc
    .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
    .filter(([width, height]) => width * height <= mostPixels)
    .chain(([width, height]) => {
      const plane = (min: number, max: number) =>
        fc
          .array(fc.integer({ min, max }), { minLength: width * height, maxLength: width * height })
          .map((values) => Int32Array.from(values));
      return fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        terminal: plane(-9, 9),
        right: plane(0, 6),
        down: plane(0, 6),
        downRight: plane(0, 6),
        downLeft: plane(0, 6),
      });
    });
}

test('no division of a small grid is cheaper than the one found, as seen by trying all', () => {
  fc.assert(
    fc.property(anyGraph(12, 12), (graph) => {
      const pixels = graph.width * graph.height;
      let least = Number.POSITIVE_INFINITY;
      for (let bits = 0; bits < 2 ** pixels; bits++) {
        least = Math.min(
          least,
          costOf(
            graph,
            Uint8Array.from({ length: pixels }, (_, i) => (bits >> i) & 1),
          ),
        );
      }
      expect(costOf(graph, cutGrid(graph))).toBe(least);
    }),
    { numRuns: 150 },
  );
});

test('no pixel of a large grid can change sides at a gain', () => {
  fc.assert(
    fc.property(anyGraph(24, 576), (graph) => {
      const sides = cutGrid(graph);
      const cost = costOf(graph, sides);
      for (let i = 0; i < sides.length; i++) {
        const other = Uint8Array.from(sides);
        other[i] = 1 - (other[i] as number);
        expect(costOf(graph, other)).toBeGreaterThanOrEqual(cost);
      }
    }),
    { numRuns: 40 },
  );
});

test('pixels that nothing draws to the source go to the sink', () => {
  const none = new Int32Array(6);
  expect([
    ...cutGrid({ width: 3, height: 2, terminal: none, right: none, down: none, downRight: none, downLeft: none }),
  ]).toEqual([0, 0, 0, 0, 0, 0]);
});
