import { findPossibleFaces } from '../tasks/faces/possible.ts';
import type { FactMaker } from './fact-maker.ts';

const MODELS = { full: 'face-full', short: 'face-short', pose: 'pose-full' } as const;

/** Where faces may be that the fact `faces` does not hold. */
export const possibleFacesFact: FactMaker = {
  async prepare({ sessions }) {
    for (const id of Object.values(MODELS)) await sessions.get(id);
  },
  async make(input, scene, step) {
    const { picture, sessions } = input;
    const loaded = await step('model', 0.1, async () => ({
      full: await sessions.get(MODELS.full),
      short: await sessions.get(MODELS.short),
      pose: await sessions.get(MODELS.pose),
    }));
    const places = await step('analyse', 1, () =>
      findPossibleFaces(loaded, picture, {
        ...step.runOptions,
        faces: (scene.faces?.faces ?? []).map(({ box }) => box),
        persons: (scene.objects?.objects ?? []).filter(({ label }) => label === 'person'),
        reduced: input.reduced(),
      }),
    );
    const numbered = places.map((place, i) => ({ id: `maybe-${i + 1}`, ...place }));
    return { ...scene, possibleFaces: { places: numbered, provenance: { models: Object.values(MODELS) } } };
  },
};
