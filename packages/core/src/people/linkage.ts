/**
 * How far apart groups of faces are: the mean of the squared distances between the faces of one and those of the other
 * (average linkage, UPGMA: Sokal and Michener 1958), weighted by how well the faces can be seen. It needs no pairs: with
 * sums and sums of squares it is |mean a − mean b|² + variance a + variance b.
 */
export interface FaceSum {
  weight: number;
  /** Of the weights' squares: tells how many faces of equal weight it is worth. */
  weightSquares: number;
  /** Weighted sum of the vectors. */
  readonly sum: Float64Array;
  /** Weighted sum of the vectors' squared lengths. */
  squares: number;
}

/** Mean distance at which two large groups are taken for one person; the same scale as that of `faceDistance`. */
const SAME = 0.58;
/** Taken off the square of {@link SAME} for 1 / faces of each group: of few faces little is known. */
const FEW = 0.02;

export function createFaceSum(dimensions: number): FaceSum {
  return { weight: 0, weightSquares: 0, sum: new Float64Array(dimensions), squares: 0 };
}

/** Adds a face, or takes one away that was added with the same weight. */
export function addFace(to: FaceSum, vector: Float32Array, weight: number, sign: 1 | -1 = 1): void {
  const signed = weight * sign;
  const { sum } = to;
  let squares = 0;
  for (let i = 0; i < sum.length; i++) {
    const value = vector[i] as number;
    sum[i] = (sum[i] as number) + signed * value;
    squares += value * value;
  }
  to.weight += signed;
  to.weightSquares += signed * weight;
  to.squares += signed * squares;
}

export function addFaceSum(to: FaceSum, other: FaceSum): void {
  const { sum } = to;
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (other.sum[i] as number);
  to.weight += other.weight;
  to.weightSquares += other.weightSquares;
  to.squares += other.squares;
}

/** Mean squared distance between the faces of one and of the other. */
export function linkage(a: FaceSum, b: FaceSum): number {
  const [byA, byB] = [1 / a.weight, 1 / b.weight];
  let dot = 0;
  for (let i = 0; i < a.sum.length; i++) dot += (a.sum[i] as number) * (b.sum[i] as number);
  return Math.max(0, a.squares * byA + b.squares * byB - 2 * dot * byA * byB);
}

/** The same between one face and a group, and without the face where it belongs to the group. */
export function linkageOfFace(vector: Float32Array, group: FaceSum, ownWeight = 0): number {
  const weight = group.weight - ownWeight;
  let dot = 0;
  let own = 0;
  for (let i = 0; i < vector.length; i++) {
    dot += (vector[i] as number) * (group.sum[i] as number);
    own += (vector[i] as number) ** 2;
  }
  return Math.max(0, own + (group.squares - ownWeight * own) / weight - (2 * (dot - ownWeight * own)) / weight);
}

/** How many faces of equal weight a group is worth (Kish 1965). */
function countOf(group: FaceSum): number {
  return (group.weight * group.weight) / group.weightSquares;
}

/** The largest linkage at which two groups are one person's. */
export function sameLimit(a: FaceSum, b: FaceSum): number {
  return SAME * SAME - FEW * (1 / countOf(a) + 1 / countOf(b));
}

/** The same of one face and a group. */
export function sameLimitOfFace(group: FaceSum): number {
  return SAME * SAME - FEW * (1 + 1 / countOf(group));
}
