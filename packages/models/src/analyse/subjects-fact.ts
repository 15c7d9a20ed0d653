import { personBoxesFrom } from '../tasks/people/boxes.ts';
import { segmentPeople } from '../tasks/people.ts';
import { segmentThings } from '../tasks/things.ts';
import type { FactMaker } from './fact-maker.ts';

const POSE = 'pose-full';
const SELFIE = 'selfie';

/** People and things one by one, each with its own matte. */
export const subjectsFact: FactMaker = {
  async prepare({ sessions }) {
    await sessions.get(POSE);
    await sessions.get(SELFIE);
  },
  async make({ picture, sessions, reduced }, scene, step) {
    const objects = scene.objects?.objects ?? [];
    const persons = personBoxesFrom(objects, scene.faces?.faces ?? []);
    const matte = scene.matte?.matte;
    const models = new Set([...(scene.objects?.provenance.models ?? []), ...(scene.matte?.provenance.models ?? [])]);
    const look = { ...step.runOptions, ...(matte && { matte }), reduced: reduced() };
    const people =
      persons.length === 0
        ? []
        : await step('analyse', 0.7, async () => {
            models.add(POSE).add(SELFIE);
            const pose = await sessions.get(POSE);
            const selfie = await sessions.get(SELFIE);
            return segmentPeople({ pose, selfie }, picture, persons, look);
          });
    const things = await step('analyse', 1, async () => segmentThings(picture, objects, matte, people));
    return { ...scene, subjects: { subjects: [...people, ...things], provenance: { models: [...models] } } };
  },
};
