/** How well groups agree with the truth: of each thing, its group and who it is. */
export interface Grouped {
  readonly group: number | string;
  readonly truth: number | string;
}

/**
 * BCubed F1 (Bagga and Baldwin 1998): of each thing, the share of its group that is the same person, and the share of
 * that person's things that is in its group; the harmonic mean of both means.
 */
export function bcubedF1(things: readonly Grouped[]): number {
  const { groups, truths, both } = count(things);
  let precision = 0;
  let recall = 0;
  for (const { group, truth } of things) {
    const shared = both.get(`${group}\n${truth}`) ?? 0;
    precision += shared / (groups.get(group) ?? 1);
    recall += shared / (truths.get(truth) ?? 1);
  }
  return (2 * precision * recall) / (precision + recall) / things.length;
}

/** F1 of pairs in one group, as pairs of one person. */
export function pairwiseF1(things: readonly Grouped[]): number {
  const { groups, truths, both } = count(things);
  const pairs = (counts: ReadonlyMap<unknown, number>): number =>
    [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  return (2 * pairs(both)) / (pairs(groups) + pairs(truths));
}

function count(things: readonly Grouped[]) {
  const groups = new Map<Grouped['group'], number>();
  const truths = new Map<Grouped['truth'], number>();
  const both = new Map<string, number>();
  const add = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { group, truth } of things) {
    add(groups, group);
    add(truths, truth);
    add(both, `${group}\n${truth}`);
  }
  return { groups, truths, both };
}
