import { anonymise, toHideOptions } from '../effects/anonymise.ts';
import { parseParameters } from '../effects/describe.ts';
import { FocalError } from '../errors.ts';
import type { Picture } from '../picture/picture.ts';
import type { ResolvedStep } from '../recipe/resolve.ts';
import { boxCentre } from '../scene/geometry.ts';
import type { Face, FacePoints, Scene } from '../scene/scene.ts';
import { listHidden, outlineHidden } from './hidden.ts';
import { type AnonymiseReport, isUnder, listAttacked, toAnonymiseReport } from './report.ts';

/** What was anonymised, and what came of it. All pictures have one size. */
export interface AnonymisedPicture {
  readonly original: Picture;
  /** What the whole recipe gave, or where that crops, the step alone. */
  readonly result: Picture;
  /** The original with {@link toPlainCover} in place of the step, and no other. */
  readonly nothing: Picture;
  /** Of the original, with the facts that the step needed. */
  readonly scene: Scene;
  /** The step `anonymize`, as it was rendered. */
  readonly step: ResolvedStep;
}

/** Faces of the original, and where a face is seen in their place in the result, where one is. */
export interface ComparedFaces extends Pick<AnonymisedPicture, 'original' | 'result' | 'nothing'> {
  readonly faces: readonly { readonly points: FacePoints; readonly seen?: FacePoints }[];
}

/** What an attack needs of the models. */
export interface AttackTools {
  findFaces(picture: Picture): Promise<readonly Face[]>;
  /** How much of each face is left, 0 nothing to 1 all, in their order. */
  compareFaces(compared: ComparedFaces): Promise<readonly number[]>;
}

/** The step that hides the same by a plain grey, through which nothing shows. Throws `invalid-argument` for another one. */
export function toPlainCover(step: ResolvedStep): ResolvedStep {
  const params = toParams(step);
  return { ...step, assets: {}, params: { ...params, style: 'solid', color: '#808080' } };
}

/**
 * Attacks what Focal made: looks for faces in the result, and compares each hidden place with the face that was there.
 * [Note: attacking the own result] Throws `invalid-argument` for another step, or pictures of several sizes.
 */
export async function attackAnonymised(
  { original, result, nothing, scene, step }: AnonymisedPicture,
  tools: AttackTools,
): Promise<AnonymiseReport> {
  for (const { width, height } of [result, nothing]) {
    if (width === original.width && height === original.height) continue;
    throw new FocalError(
      'invalid-argument',
      `Expected a result of ${original.width}×${original.height}, as the original, got ${width}×${height}.`,
    );
  }
  const options = toHideOptions(toParams(step), {
    subjects: step.selection.subjects,
    faces: step.selection.faces,
  });
  const targets = listHidden(scene, options);
  const places = listAttacked(scene, targets);
  const outlines = outlineHidden(targets, original.width / original.height, options).map(({ outline }) => outline);
  const seen = await tools.findFaces(result);
  // Who was left out on purpose is seen, and may stand close to one who was hidden.
  const spared = (scene.faces?.faces ?? []).filter(({ id }) => !places.some((place) => place.id === id));
  const unexpected = seen.filter(({ box }) => {
    const centre = boxCentre(box);
    return !spared.some((face) => {
      const other = boxCentre(face.box);
      return Math.abs(other.x - centre.x) < face.box.width / 2 && Math.abs(other.y - centre.y) < face.box.height / 2;
    });
  });
  const seenAt = places.map(({ box }) => {
    const middle = boxCentre(box);
    const reach = Math.max(box.width, box.height);
    return unexpected.find((face) => {
      const centre = boxCentre(face.box);
      return Math.abs(centre.x - middle.x) < reach && Math.abs(centre.y - middle.y) < reach;
    });
  });
  const compared = places.flatMap(({ face }, i) => {
    const again = seenAt[i];
    if (face === undefined) return [];
    return [{ place: i, face: { points: face.points, ...(again && { seen: again.points }) } }];
  });
  const job = { original, result, nothing, faces: compared.map(({ face }) => face) };
  const likeness = compared.length === 0 ? [] : await tools.compareFaces(job);
  const evidence = places.map((_, i) => {
    const similarity = likeness[compared.findIndex(({ place }) => place === i)];
    return { found: seenAt[i] !== undefined, ...(similarity !== undefined && { similarity }) };
  });
  const strays = unexpected.filter(({ box }) => !outlines.some((outline) => isUnder(outline, boxCentre(box)))).length;
  return toAnonymiseReport(scene, places, evidence, { ...options, strays });
}

function toParams({ effect, params }: ResolvedStep) {
  if (effect === anonymise.name) return parseParameters(anonymise, params);
  throw new FocalError('invalid-argument', `Expected the step ${anonymise.name}, got ${effect}.`);
}
