import type { FacePoints, Picture } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { describeFace } from './identity.ts';

/** Three of one size: a photo, what was made of it, and the same with a plain cover that nothing shows through. */
export interface ComparedPictures {
  readonly original: Picture;
  readonly result: Picture;
  readonly nothing: Picture;
}

/**
 * How much of who somebody is a changed picture still tells, by the net that tells people apart: 0 as little as under a
 * plain cover, 1 as much as the original; it may lie a little outside. Strangers have some .43 of each other. The
 * projection of what the result tells onto what the original tells, both beside the plain cover. Three runs of the net.
 *
 * @param seen where a detector sees a face in the result, where it does: the larger value counts.
 */
export async function measureLikeness(
  session: Session,
  { original, result, nothing }: ComparedPictures,
  points: FacePoints,
  options: RunOptions & { readonly seen?: FacePoints } = {},
): Promise<number> {
  const { seen, ...runOptions } = options;
  const who = await describeFace(session, original, { points }, runOptions);
  const base = await describeFace(session, nothing, { points }, runOptions);
  const left = project(who, await describeFace(session, result, { points }, runOptions), base);
  if (seen === undefined) return left;
  return Math.max(left, project(who, await describeFace(session, result, { points: seen }, runOptions), base));
}

function project(who: Float32Array, what: Float32Array, base: Float32Array): number {
  let dot = 0;
  let square = 0;
  for (let i = 0; i < who.length; i++) {
    const to = (who[i] as number) - (base[i] as number);
    dot += to * ((what[i] as number) - (base[i] as number));
    square += to * to;
  }
  // A face that the net takes for a plain cover cannot be recognised in anything.
  return square > 0 ? dot / square : 0;
}
