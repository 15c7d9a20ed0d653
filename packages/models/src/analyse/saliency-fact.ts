import { type ClassEvidence, findClassifierEvidence, toDetectorEvidence, toSaliencyFact } from '../tasks/saliency.ts';
import type { FactInput, FactMaker } from './fact-maker.ts';
import type { Step } from './step.ts';

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
    const labels = await input.sessions.labels(CLASSIFIER);
    const evidence = input.evidence ?? (await findEvidence(input, step));
    return { ...scene, saliency: toSaliencyFact(evidence, scene, { models: [labels ? CLASSIFIER : DETECTOR] }) };
  },
};

/** What the fact rests on beside other facts: of the picture alone, so it can be found before them. */
export async function findEvidence(input: FactInput, step: Step): Promise<ClassEvidence> {
  const { sessions } = input;
  const labels = await sessions.labels(CLASSIFIER);
  if (labels === undefined) return toDetectorEvidence(await step('analyse', 0.9, () => input.detectWithGradient(step)));
  const session = await step('model', 0.2, () => sessions.getWithGradient(CLASSIFIER));
  return step('analyse', 0.9, () => findClassifierEvidence(session, input.reduced(), labels, step.runOptions));
}
