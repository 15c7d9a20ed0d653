import {
  anonymise,
  type Box,
  boxCentre,
  boxIou,
  type Face,
  type Fact,
  FocalError,
  faceDistance,
  isUnder,
  listHidden,
  outlineHidden,
  type Picture,
  type PossibleFace,
  parseParameters,
  type ResolvedStep,
  type Scene,
  SURELY_SAME,
  toHideOptions,
} from '@focal/core';
import type { Engine } from './engine.ts';
import { analyseStep, renderStep, type StepOptions } from './steps.ts';

// [Note: who is covered for guests] Everybody is, but for a face that is where the library has one that may stay, and
// that is surely the same there. What else is found is covered, and so is what may be a face, and every place where the
// library knows of a face that may not stay. Other pictures that a version takes have all faces covered before. The result
// is looked at once more: a face that is still seen there is covered, too. What goes wrong is an error; nothing is left out.

/** Whose faces stay in a photo, and whose are covered whatever is seen. Places are fractions of the upright photo. */
export interface Covering {
  /** Each with the vector that tells who it is. */
  readonly spared: readonly { readonly box: Box; readonly vector: Float32Array }[];
  readonly told: readonly { readonly box: Box; readonly rollDegrees: number }[];
}

/** What has to be known of a picture to be covered. */
export const COVER_FACTS: readonly Fact[] = ['faces', 'possible-faces', 'identities'];

/** From so much on, as a share of what both cover together, a face that was found is the one that the library has there. */
const SAME_PLACE = 0.4;

/** What came of the first look. */
export interface CoveredOnce {
  readonly picture: Picture;
  /** Faces that stay. */
  readonly spared: readonly Face[];
  /** Whether a point lies under a cover. */
  readonly isCovered: (point: { readonly x: number; readonly y: number }) => boolean;
}

/** The picture with all faces covered but those that may stay. The scene is of this picture and holds {@link COVER_FACTS}. */
export async function coverFaces(
  engine: Engine,
  picture: Picture,
  scene: Scene,
  covering: Covering,
  watch: StepOptions,
): Promise<CoveredOnce> {
  const faces = scene.faces?.faces ?? [];
  const spared = faces.filter((face) => maySee(face, covering));
  const told = covering.told.map(({ box, rollDegrees }, i): PossibleFace => {
    return { id: `told-${i + 1}`, basis: 'told', score: 1, box, rollDegrees };
  });
  const places = [...(scene.possibleFaces?.places ?? []), ...told];
  const { step, covered, isCovered } = planCover(scene, { faces, hidden: without(faces, spared), places });
  return { picture: await renderStep(engine, picture, covered, [step], {}, watch), spared, isCovered };
}

/** A picture of which nothing is known, with all faces covered. */
export async function coverEveryone(engine: Engine, picture: Picture, watch: StepOptions): Promise<Picture> {
  const { scene } = await analyseStep(engine, picture, COVER_FACTS, { signal: watch.signal });
  return (await coverFaces(engine, picture, scene, { spared: [], told: [] }, watch)).picture;
}

/**
 * Looks at what guests would get as anybody could, and covers what is still seen. Of the picture that was covered, or of
 * what a recipe made of it, where faces may lie elsewhere, and may have come in from other pictures.
 */
export async function coverAgain(
  engine: Engine,
  picture: Picture,
  { spared, isCovered }: CoveredOnce,
  isSamePlace: boolean,
  watch: StepOptions,
): Promise<Picture> {
  const facts = isSamePlace ? (['faces', 'identities'] as const) : COVER_FACTS;
  const { scene } = await analyseStep(engine, picture, facts, { signal: watch.signal });
  const faces = scene.faces?.faces ?? [];
  const known = faces.filter((face) => spared.some((other) => isAlike(face.vector, other.vector)));
  const hidden = without(faces, known).filter(({ box }) => !isSamePlace || !isCovered(boxCentre(box)));
  // Of heads that are guessed most are those that have just been covered.
  const places = (scene.possibleFaces?.places ?? []).filter(({ basis }) => basis === 'face');
  if (hidden.length === 0 && places.length === 0) return picture;
  const { step, covered } = planCover(scene, { faces, hidden, places });
  return renderStep(engine, picture, covered, [step], {}, watch);
}

interface ToCover {
  readonly faces: readonly Face[];
  readonly hidden: readonly Face[];
  readonly places: readonly PossibleFace[];
}

/** The effect's step. It sees no subjects: what may be a face within the outline of somebody who stays is covered, too. */
function planCover({ version, width, height, faces: found, possibleFaces }: Scene, { faces, hidden, places }: ToCover) {
  if (found === undefined) throw new FocalError('internal', 'Expected a scene that holds faces.');
  const covered: Scene = {
    version,
    width,
    height,
    facts: ['faces', 'possible-faces', 'identities'],
    faces: { ...found, faces },
    possibleFaces: { provenance: possibleFaces?.provenance ?? found.provenance, places },
  };
  const params = parseParameters(anonymise, {});
  const selection = { subjects: [], faces: hidden };
  const options = toHideOptions(params, selection);
  const outlines = outlineHidden(listHidden(covered, options), width / height, options);
  const step: ResolvedStep = {
    effect: anonymise.name,
    params,
    assets: {},
    opacity: 1,
    selection: { key: `faces:${hidden.map(({ id }) => id).join(',')}`, inverted: false, ...selection },
  };
  const isCovered = (point: { readonly x: number; readonly y: number }): boolean =>
    outlines.some(({ outline }) => isUnder(outline, point));
  return { step, covered, isCovered };
}

/** Whether this is a face that may stay: at its place, like it, and at no other's place. */
function maySee(face: Face, { spared, told }: Covering): boolean {
  const [own] = [...spared]
    .map(({ box, vector }) => ({ share: boxIou(face.box, box), vector }))
    .sort((a, b) => b.share - a.share);
  if (own === undefined || own.share < SAME_PLACE || !isAlike(face.vector, own.vector)) return false;
  return told.every(({ box }) => boxIou(face.box, box) < own.share);
}

function isAlike(one: Float32Array | undefined, other: Float32Array | undefined): boolean {
  if (one === undefined || other === undefined || one.length !== other.length) return false;
  return faceDistance(one, other) < SURELY_SAME;
}

function without(faces: readonly Face[], others: readonly Face[]): readonly Face[] {
  return faces.filter((face) => !others.includes(face));
}
