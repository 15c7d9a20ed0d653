import {
  type AnonymiseReport,
  anonymise,
  boxCentre,
  FocalError,
  isUnder,
  listAttacked,
  listHidden,
  outlineHidden,
  type Picture,
  parseParameters,
  type ResolvedStep,
  type Scene,
  toAnonymiseReport,
  toHideOptions,
} from '@focal/core';
import { runPlanParallel } from '@focal/node';
import type { Engine } from './engine.ts';
import type { StepOptions } from './steps.ts';

/** What was anonymised, and what came of it. */
export interface AnonymisedPicture {
  readonly original: Picture;
  /** Of the same size: what the whole recipe gave, or where that crops, the step alone. */
  readonly result: Picture;
  /** Of the original, with the facts that the step needed. */
  readonly scene: Scene;
  /** The step `anonymize`, as it was rendered. */
  readonly step: ResolvedStep;
}

/**
 * Attacks what Focal made: looks for faces in the result, and compares each hidden place with the face that was there.
 * [Note: attacking the own result] A plain cover is rendered beside it to compare with. Some 400 ms and 60 ms a face.
 * Throws `invalid-argument` for another step, or pictures of two sizes; `aborted`.
 *
 * @example
 * const report = await reportAnonymised(engine, { original, result, scene, step }, {});
 * report.verdict // 'safe'
 */
export async function reportAnonymised(
  engine: Engine,
  { original, result, scene, step }: AnonymisedPicture,
  { signal }: StepOptions,
): Promise<AnonymiseReport> {
  if (step.effect !== anonymise.name) {
    throw new FocalError('invalid-argument', `Expected the step ${anonymise.name}, got ${step.effect}.`);
  }
  if (result.width !== original.width || result.height !== original.height) {
    throw new FocalError(
      'invalid-argument',
      `Expected a result of ${original.width}×${original.height}, as the original, got ${result.width}×${result.height}.`,
    );
  }
  const params = parseParameters(anonymise, step.params);
  const { subjects, faces } = step.selection;
  const options = toHideOptions(params, { subjects, faces });
  const targets = listHidden(scene, options);
  const places = listAttacked(scene, targets);
  const outlines = outlineHidden(targets, original.width / original.height, options).map(({ outline }) => outline);
  const found = await engine.freeInference().run('analyse', { picture: result, facts: ['faces'] }, { signal });
  const seen = found.scene.faces?.faces ?? [];
  const plain = { ...step, assets: {}, params: { ...params, style: 'solid', color: '#808080' } };
  const spec = { kind: 'recipe', picture: original, scene, steps: [plain], pictures: {} } as const;
  const nothing = await runPlanParallel(engine.pixels(), spec, { signal });
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
    return face === undefined ? [] : [{ place: i, points: face.points, ...(again && { seen: again.points }) }];
  });
  const job = { original, result, nothing, faces: compared };
  const likeness = compared.length === 0 ? [] : await engine.freeInference().run('compare-faces', job, { signal });
  const evidence = places.map((_, i) => {
    const similarity = likeness[compared.findIndex(({ place }) => place === i)];
    return { found: seenAt[i] !== undefined, ...(similarity !== undefined && { similarity }) };
  });
  const strays = unexpected.filter(({ box }) => !outlines.some((outline) => isUnder(outline, boxCentre(box)))).length;
  return toAnonymiseReport(scene, places, evidence, { ...options, strays });
}
