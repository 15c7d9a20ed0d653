import { findClassifierEvidence, toDetectorEvidence, toSaliencyFact } from '../tasks/saliency.ts';
import type { FactMaker } from './fact-maker.ts';

const DETECTOR = 'centernet';
/** Knows more kinds of things, where the user has it. */
export const CLASSIFIER = 'mobilenet-v2';

/** What the main subject is, where to look, and why. */
export const saliencyFact: FactMaker = {
  async prepare({ sessions }) {
    const hasClassifier = (await sessions.labels(CLASSIFIER)) !== undefined;
    await sessions.getWithGradient(hasClassifier ? CLASSIFIER : DETECTOR);
  },
  async make(input, scene, step) {
    const { sessions } = input;
    const labels = await sessions.labels(CLASSIFIER);
    if (labels !== undefined) {
      const session = await step('model', 0.2, () => sessions.getWithGradient(CLASSIFIER));
      const evidence = await step('analyse', 1, () =>
        findClassifierEvidence(session, input.reduced(), labels, step.runOptions),
      );
      return { ...scene, saliency: toSaliencyFact(evidence, scene, { models: [CLASSIFIER] }) };
    }
    const evidence = input.evidence ?? toDetectorEvidence(await step('analyse', 1, () => input.detect(step)));
    return { ...scene, saliency: toSaliencyFact(evidence, scene, { models: [DETECTOR] }) };
  },
};
