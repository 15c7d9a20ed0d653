import { describe, expect, test } from 'vitest';
import { createNeighbourGraph } from './neighbour-graph.ts';
import { createVectorStore } from './vectors.ts';

const DIMENSIONS = 20;

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function build(count: number, useWasm = true) {
  const random = createRandom(5);
  const vectors = createVectorStore(DIMENSIONS, { useWasm });
  const graph = createNeighbourGraph(vectors);
  for (let slot = 0; slot < count; slot++) {
    vectors.set(
      slot,
      Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5),
    );
    graph.insert(slot);
  }
  return { vectors, graph, random };
}

type Built = ReturnType<typeof build>;

/** The share of the ten nearest that the graph finds, beside looking at all. */
function recall({ vectors, graph, random }: Built, slots: readonly number[]): number {
  let hits = 0;
  for (let round = 0; round < 50; round++) {
    const query = Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5);
    const distance = (slot: number) =>
      vectors.get(slot).reduce((sum, value, i) => sum + (value - (query[i] as number)) ** 2, 0);
    const nearest = new Set([...slots].sort((a, b) => distance(a) - distance(b)).slice(0, 10));
    hits += graph.search(query, 10).filter(({ slot }) => nearest.has(slot)).length;
  }
  return hits / 500;
}

describe('neighbour graph', () => {
  test('finds nearly all of the nearest', () => {
    const built = build(2000);
    expect(
      recall(
        built,
        Array.from({ length: 2000 }, (_, i) => i),
      ),
    ).toBeGreaterThan(0.95);
  });

  test('goes on finding them when most have gone, and never those who went', () => {
    const built = build(2000);
    const gone = new Set(Array.from({ length: 2000 }, (_, i) => i).filter((slot) => slot % 4 !== 1));
    built.graph.remove(gone);
    const left = Array.from({ length: 500 }, (_, i) => i * 4 + 1);
    expect(recall(built, left)).toBeGreaterThan(0.95);
    const { low, near } = built.graph.toState();
    expect([...low, ...near].some((slot) => gone.has(slot))).toBe(false);
    for (const slot of left) built.graph.remove(new Set([slot]));
    expect(built.graph.search(built.vectors.get(1), 5)).toEqual([]);
  });

  test('the same steps give the same graph, in WebAssembly and without', () => {
    const [wasm, plain] = [build(300), build(300, false)];
    expect(plain.graph.toState()).toEqual(wasm.graph.toState());
  });

  test('goes through its state', () => {
    const built = build(500);
    const again = createNeighbourGraph(built.vectors, structuredClone(built.graph.toState()));
    const query = built.vectors.get(7).slice();
    expect(again.search(query, 20)).toEqual(built.graph.search(query, 20));
    expect(again.near(7)).toEqual(built.graph.near(7));
  });
});
