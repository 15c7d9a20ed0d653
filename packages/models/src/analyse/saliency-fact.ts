import { toDetectorEvidence, toSaliencyFact } from '../tasks/saliency.ts';
import type { FactMaker } from './fact-maker.ts';

const DETECTOR = 'centernet';

/** What the main subject is, where to look, and why. */
export const saliencyFact: FactMaker = {
  async prepare({ sessions }) {
    await sessions.getWithGradient(DETECTOR);
  },
  async make(input, scene, step) {
    const evidence = input.evidence ?? toDetectorEvidence(await step('analyse', 1, () => input.detect(step)));
    return { ...scene, saliency: toSaliencyFact(evidence, scene, { models: [DETECTOR] }) };
  },
};
