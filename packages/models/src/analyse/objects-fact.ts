import { findObjects } from '../tasks/objects.ts';
import type { FactMaker } from './fact-maker.ts';

const MODEL = 'centernet';

/** Boxes and labels of things and people. */
export const objectsFact: FactMaker = {
  async prepare({ sessions }) {
    await sessions.get(MODEL);
  },
  async make({ picture, sessions }, scene, step) {
    const session = await step('model', 0.1, () => sessions.get(MODEL));
    const objects = await step('analyse', 1, () => findObjects(session, picture, step.runOptions));
    return { ...scene, objects: { objects, provenance: { models: [MODEL] } } };
  },
};
