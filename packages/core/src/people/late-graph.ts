import type { NeighbourGraph } from './neighbour-graph.ts';

/** A graph of vectors that are linked bit by bit: comparing 100,000 of them takes some 20 s. */
export interface LateGraph extends NeighbourGraph {
  /** Links so many of those that are left; whether none is. */
  link(most: number): boolean;
}

/**
 * The graph with these slots, in their order. Whatever asks for neighbours or changes nodes first links all that are left,
 * so that it finds the same graph whenever it comes.
 */
export function createLateGraph(graph: NeighbourGraph, slots: readonly number[]): LateGraph {
  let linked = 0;
  const link = (most: number): boolean => {
    for (const end = Math.min(slots.length, linked + most); linked < end; linked++)
      graph.insert(slots[linked] as number);
    return linked === slots.length;
  };
  const whole = (): NeighbourGraph => {
    link(slots.length);
    return graph;
  };
  return {
    link,
    insert: (slot) => whole().insert(slot),
    remove: (gone) => whole().remove(gone),
    search: (vector, limit) => whole().search(vector, limit),
    near: (slot) => whole().near(slot),
    toState: () => whole().toState(),
  };
}
