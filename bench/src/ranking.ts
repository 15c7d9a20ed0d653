/** What a score said of one thing, and what was true. */
export interface Judged {
  /** Higher means more surely positive. */
  readonly score: number;
  readonly positive: boolean;
}

/**
 * Area under the ROC curve: how often a positive thing scores higher than a negative one; ties count half.
 * NaN where one kind is missing.
 */
export function rocAuc(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((a, b) => a.score - b.score);
  let ranks = 0;
  let positives = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) {
      if (sorted[i]?.positive !== true) continue;
      ranks += rank;
      positives++;
    }
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}

/** Standard error of an AUC, of so few or many things (Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve"). */
export function aucError(judged: readonly Judged[]): number {
  const auc = rocAuc(judged);
  const positives = judged.filter(({ positive }) => positive).length;
  const negatives = judged.length - positives;
  const twoPositives = auc / (2 - auc);
  const twoNegatives = (2 * auc ** 2) / (1 + auc);
  const pairs = (positives - 1) * (twoPositives - auc ** 2) + (negatives - 1) * (twoNegatives - auc ** 2);
  return Math.sqrt((auc * (1 - auc) + pairs) / (positives * negatives));
}

/** The best AUC that leaving out any one thing gives: how much hangs on a single label. */
export function aucWithoutWorst(judged: readonly Judged[]): number {
  return Math.max(...judged.map((_, i) => rocAuc(judged.toSpliced(i, 1))));
}

/** The best F1 of any threshold, and the score from which on all counted as positive there. */
export function bestF1(judged: readonly Judged[]): { readonly f1: number; readonly threshold: number } {
  const sorted = [...judged].sort((a, b) => b.score - a.score);
  const positives = sorted.filter(({ positive }) => positive).length;
  let best = { f1: 0, threshold: Number.NaN };
  let hits = 0;
  sorted.forEach(({ score, positive }, i) => {
    if (positive) hits++;
    const f1 = (2 * hits) / (i + 1 + positives);
    if (score !== sorted[i + 1]?.score && f1 > best.f1) best = { f1, threshold: score };
  });
  return best;
}

/** F1 where what scores at least so much counts as positive. */
export function f1At(judged: readonly Judged[], threshold: number): number {
  const called = judged.filter(({ score }) => score >= threshold);
  const hits = called.filter(({ positive }) => positive).length;
  return (2 * hits) / (called.length + judged.filter(({ positive }) => positive).length);
}

/** Mean of the shares of positive and of negative things that are told rightly at this threshold. */
export function balancedAccuracy(judged: readonly Judged[], threshold: number): number {
  const positives = judged.filter(({ positive }) => positive);
  const negatives = judged.filter(({ positive }) => !positive);
  const hits = positives.filter(({ score }) => score >= threshold).length / positives.length;
  const rejected = negatives.filter(({ score }) => score < threshold).length / negatives.length;
  return (hits + rejected) / 2;
}
