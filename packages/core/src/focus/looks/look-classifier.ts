import type { Look } from './describe-look.ts';

/** Tells looks of a subject from looks of others. */
export interface LookClassifier {
  /** Takes on looks of it, and of what is not it. The first of it are never forgotten. */
  learn(own: readonly Look[], others: readonly Look[]): void;
  /** How much it is the subject: about 0 for what is not. Before the first lesson, 0. */
  score(look: Look): number;
}

const MOST_OWN = 16;
const MOST_FIRST = 4;
const MOST_OTHERS = 48;
/** How far looks that were learned may be missed, so that those to come are not. */
const RIDGE = 0.3;

/** Ridge regression (Hoerl and Kennard 1970), solved for its samples: there are fewer of them than numbers in a look. */
export function createLookClassifier(): LookClassifier {
  const own: Look[] = [];
  const others: Look[] = [];
  let weights: Float32Array | undefined;
  return {
    learn(more, moreOthers) {
      own.push(...more);
      while (own.length > MOST_OWN) own.splice(MOST_FIRST, 1);
      others.push(...moreOthers);
      while (others.length > MOST_OTHERS) others.shift();
      weights = fit(own, others);
    },
    score: (look) => (weights === undefined ? 0 : product(weights, look)),
  };
}

/** Weights that give 1 for the first and 0 for the others, nearly. */
function fit(own: readonly Look[], others: readonly Look[]): Float32Array {
  const all = [...own, ...others];
  const count = all.length;
  const rows = all.map((a, i) => {
    const row = new Float64Array(count + 1);
    for (let j = 0; j < count; j++) row[j] = product(a, all[j] as Look) + (i === j ? RIDGE : 0);
    row[count] = i < own.length ? 1 : 0;
    return row;
  });
  const shares = solve(rows);
  const weights = new Float32Array(all[0]?.length ?? 0);
  for (const [i, look] of all.entries()) {
    const share = shares[i] as number;
    for (let k = 0; k < weights.length; k++) weights[k] = (weights[k] as number) + share * (look[k] as number);
  }
  return weights;
}

/** Gauss's elimination; the matrix is positive, so that no rows need to change places. */
function solve(rows: readonly Float64Array[]): Float64Array {
  const count = rows.length;
  for (const [i, row] of rows.entries()) {
    for (const below of rows.slice(i + 1)) {
      const factor = (below[i] as number) / (row[i] as number);
      for (let k = i; k <= count; k++) below[k] = (below[k] as number) - factor * (row[k] as number);
    }
  }
  const solution = new Float64Array(count);
  for (let i = count - 1; i >= 0; i--) {
    const row = rows[i] as Float64Array;
    let sum = row[count] as number;
    for (let k = i + 1; k < count; k++) sum -= (row[k] as number) * (solution[k] as number);
    solution[i] = sum / (row[i] as number);
  }
  return solution;
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
