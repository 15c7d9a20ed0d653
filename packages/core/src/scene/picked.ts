import { z } from 'zod';
import { joinRegions } from '../recipe/regions.ts';
import type { Point } from './geometry.ts';
import type { Pick as Picked } from './pick.ts';
import type { MatteFact, Provenance, Scene } from './scene.ts';
import { roundNumbers, SCENE_JSON_VERSION, type SceneJsonOptions, sceneSchema, toPackedMatte } from './scene-json.ts';

/** The scene with the pick in place of its matte: what acts on the matte then acts on what was picked. */
export function toPickedScene(scene: Scene, pick: Picked): Scene & { readonly matte: MatteFact } {
  const matte = joinRegions([pick.matte], { all: [], matte: scene.matte?.matte, aspect: scene.width / scene.height });
  return { ...scene, matte: { matte, provenance: provenanceOf(scene, pick) } };
}

const subject = sceneSchema.shape.subjects.unwrap().shape.subjects.element;

/** The JSON form of a {@link Picked}: what the command line and the API write. */
export const pickSchema = z.strictObject({
  version: z.literal(SCENE_JSON_VERSION),
  ...sceneSchema.pick({ width: true, height: true }).shape,
  point: subject.shape.anchor,
  basis: z.enum(['subject', 'matte', 'grown']).meta({
    description: 'A subject of the scene, a part of its matte, or grown from the point.',
  }),
  subject: subject.pick({ id: true, kind: true, label: true, score: true }).optional(),
  ...subject.pick({ box: true, anchor: true, matte: true }).shape,
  provenance: sceneSchema.shape.subjects.unwrap().shape.provenance,
});

export type PickJson = z.output<typeof pickSchema>;

/**
 * What was picked at this point of the scene as plain JSON. Fractions are rounded to a millionth.
 * @example
 * toPickJson(scene, { x: 0.4, y: 0.6 }, pick).subject?.label // 'cup'
 */
export function toPickJson(
  scene: Scene,
  point: Point,
  pick: Picked,
  { matte: toMatte = toPackedMatte }: Pick<SceneJsonOptions, 'matte'> = {},
): PickJson {
  const { width, height } = scene;
  const { basis, box, anchor } = pick;
  const known = scene.subjects?.subjects.find(({ id }) => id === pick.subjectId);
  const json: PickJson = {
    version: SCENE_JSON_VERSION,
    width,
    height,
    point,
    basis,
    ...(known && { subject: { id: known.id, kind: known.kind, label: known.label, score: known.score } }),
    box,
    anchor,
    matte: { box: pick.matte.box, matte: toMatte(pick.matte.matte) },
    provenance: provenanceOf(scene, pick) as PickJson['provenance'],
  };
  return roundNumbers(json) as PickJson;
}

/** Where it grew from the point, what the matte says of the rest was heeded. */
function provenanceOf({ subjects, matte }: Scene, { basis }: Picked): Provenance {
  return (basis === 'subject' ? subjects : matte)?.provenance ?? { models: [] };
}
