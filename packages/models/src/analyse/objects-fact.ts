import { findObjects } from '../tasks/objects.ts';
import type { FactMaker } from './fact-maker.ts';

const MODEL = 'centernet';

/** Boxes and labels of things and people. */
export const objectsFact: FactMaker = {
  async prepare({ sessions }) {
    await sessions.get(MODEL);
  },
  async make(input, scene, step) {
    const { picture, sessions } = input;
    const session = await step('model', 0.1, () => sessions.get(MODEL));
    const first = await step('analyse', 0.8, () => input.detect(step));
    const look = { ...step.runOptions, first, reduced: input.reduced() };
    const objects = await step('analyse', 1, () => findObjects(session, picture, look));
    return { ...scene, objects: { objects, provenance: { models: [MODEL] } } };
  },
};
