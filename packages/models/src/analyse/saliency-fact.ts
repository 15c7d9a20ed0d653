import { findDetectorEvidence, toSaliencyFact } from '../tasks/saliency.ts';
import type { FactMaker } from './fact-maker.ts';

const DETECTOR = 'centernet';

/** What the main subject is, where to look, and why. */
export const saliencyFact: FactMaker = {
  async prepare({ sessions }) {
    await sessions.getWithGradient(DETECTOR);
  },
  async make({ picture, sessions }, scene, step) {
    const session = await step('model', 0.2, () => sessions.getWithGradient(DETECTOR));
    const evidence = await step('analyse', 1, () => findDetectorEvidence(session, picture, step.runOptions));
    return { ...scene, saliency: toSaliencyFact(evidence, scene, { models: [DETECTOR] }) };
  },
};
