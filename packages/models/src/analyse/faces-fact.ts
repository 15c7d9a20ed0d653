import { type Face, type Picture, type Scene } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import type { Sessions } from '../sessions.ts';
import { readExpression } from '../tasks/expression.ts';
import type { FaceCandidate } from '../tasks/faces/candidates.ts';
import { detectFaces } from '../tasks/faces/detect.ts';
import { toFacePoints } from '../tasks/faces/points.ts';
import { measureFaceQuality } from '../tasks/faces/quality.ts';
import { describeFace } from '../tasks/identity.ts';
import { readLandmarks } from '../tasks/landmarks.ts';
import type { FactMaker } from './fact-maker.ts';
import type { Step } from './step.ts';

const DETECTORS = { full: 'face-full', short: 'face-short' } as const;
const MESH = 'facemesh';
const EXPRESSION_MODELS = { expression: 'face-expression', emotion: 'emotion' } as const;
const IDENTITY = 'face-recognition';

/** The points of the mesh count where it is so sure that there is a face. */
const MESH_IS_SURE = 0.5;

/** Faces with five points each and how well they can be seen. */
export const facesFact: FactMaker = {
  async prepare({ sessions }) {
    for (const id of [DETECTORS.full, DETECTORS.short, MESH]) await sessions.get(id);
  },
  async make(input, scene, step) {
    const { picture, sessions } = input;
    const detectors = await step('model', 0.1, async () => ({
      full: await sessions.get(DETECTORS.full),
      short: await sessions.get(DETECTORS.short),
    }));
    // Without the boxes of people, though they would help a little: faces are the same whatever else is asked for.
    const candidates = await step('analyse', 0.6, () =>
      detectFaces(detectors, picture, { ...step.runOptions, reduced: input.reduced() }),
    );
    const models: string[] = Object.values(DETECTORS);
    if (candidates.length === 0) return { ...scene, faces: { faces: [], provenance: { models } } };
    const mesh = await step('model', 0.65, () => sessions.get(MESH));
    const placed = await forEachFace(candidates, step, [0.65, 1], (face) =>
      placePoints(mesh, picture, face, step.runOptions),
    );
    const largest = [...placed].sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
    const faces = largest.map((face, i) => ({ id: `face-${i + 1}`, ...face }));
    return { ...scene, faces: { faces, provenance: { models: [...models, MESH] } } };
  },
};

/** How much each face smiles, and what it shows. */
export const expressionsFact: FactMaker = {
  async prepare({ sessions }) {
    for (const id of expressionModels(sessions)) await sessions.get(id);
  },
  make: async ({ picture, sessions }, scene, step) =>
    addToFaces(scene, step, expressionModels(sessions), async () => {
      const expression = await sessions.get(EXPRESSION_MODELS.expression);
      // A model of the user's own decides alone.
      const isAlone = sessions.isOwn(EXPRESSION_MODELS.expression);
      const emotion = isAlone ? undefined : await sessions.get(EXPRESSION_MODELS.emotion);
      return async (face) => ({
        ...face,
        expression: await readExpression({ expression, ...(emotion && { emotion }) }, picture, face, step.runOptions),
      });
    }),
};

function expressionModels(sessions: Sessions): readonly string[] {
  const { expression, emotion } = EXPRESSION_MODELS;
  return sessions.isOwn(expression) ? [expression] : [expression, emotion];
}

/** The numbers that tell who each face is. */
export const identitiesFact: FactMaker = {
  async prepare({ sessions }) {
    await sessions.get(IDENTITY);
  },
  make: async ({ picture, sessions }, scene, step) =>
    addToFaces(scene, step, [IDENTITY], async () => {
      const session = await sessions.get(IDENTITY);
      return async (face) => ({ ...face, vector: await describeFace(session, picture, face, step.runOptions) });
    }),
};

/** The scene with more known of each face. Without faces nothing is loaded. */
async function addToFaces(
  scene: Scene,
  step: Step,
  ids: readonly string[],
  load: () => Promise<(face: Face) => Promise<Face>>,
): Promise<Scene> {
  const { faces: found, provenance } = scene.faces ?? { faces: [], provenance: { models: [] } };
  if (found.length === 0) return scene;
  const add = await step('model', 0.1, load);
  const faces = await forEachFace(found, step, [0.1, 1], add);
  return { ...scene, faces: { faces, provenance: { ...provenance, models: [...provenance.models, ...ids] } } };
}

async function forEachFace<T, R>(
  faces: readonly T[],
  step: Step,
  [from, to]: readonly [number, number],
  work: (face: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const [i, face] of faces.entries()) {
    const done = from + ((to - from) * (i + 1)) / faces.length;
    results.push(await step('analyse', done, () => work(face)));
  }
  return results;
}

async function placePoints(
  mesh: Session,
  picture: Picture,
  { box, score, points, rollDegrees }: FaceCandidate,
  options: RunOptions,
): Promise<Omit<Face, 'id'>> {
  const found = await readLandmarks(mesh, picture, { box, rollDegrees }, options);
  const five =
    found.confidence >= MESH_IS_SURE
      ? { points: found.points, rollDegrees: found.rollDegrees }
      : { points: toFacePoints(points) };
  const quality = measureFaceQuality(picture, { box, points: five.points });
  return { box, score, rollDegrees, ...five, quality };
}
