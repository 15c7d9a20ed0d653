import { findObjects } from '../tasks/objects.ts';
import type { FactMaker } from './fact-maker.ts';

const MODEL = 'centernet';

/** Boxes and labels of things and people. */
export const objectsFact: FactMaker = {
  async prepare({ sessions, needsGradient }) {
    // With the gradient it comes with what needs that.
    if (!needsGradient || sessions.isOwn(MODEL)) await sessions.get(MODEL);
  },
  async make(input, scene, step) {
    const { picture, sessions } = input;
    const first = await step('analyse', 0.8, () => input.detect(step));
    const look = { ...step.runOptions, first, reduced: input.reduced() };
    const objects = await step('analyse', 1, () => findObjects(() => sessions.get(MODEL), picture, look));
    return { ...scene, objects: { objects, provenance: { models: [MODEL] } } };
  },
};
