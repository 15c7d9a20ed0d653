import { boxIou, type DetectedObject } from '@focal/core';
import { personBoxesFrom } from '../tasks/people/boxes.ts';
import { segmentPeople } from '../tasks/people.ts';
import { segmentThings } from '../tasks/things.ts';
import type { FactMaker } from './fact-maker.ts';

const POSE = 'pose-full';
const SELFIE = 'selfie';

/** One thing that goes by two names has two boxes that share so much of their union. */
const SAME_THING = 0.7;

/** Whether a surer object is the same thing: the detector may take a phone for a phone and for a remote. */
function isTwin({ label, box }: DetectedObject, surer: readonly DetectedObject[]): boolean {
  const isThing = label !== 'person';
  return isThing && surer.some((other) => other.label !== 'person' && boxIou(other.box, box) > SAME_THING);
}

/** People and things one by one, each with its own matte. */
export const subjectsFact: FactMaker = {
  async prepare({ sessions }) {
    await sessions.get(POSE);
    await sessions.get(SELFIE);
  },
  async make(input, scene, step) {
    const { picture, sessions } = input;
    const objects = scene.objects?.objects ?? [];
    const persons = personBoxesFrom(objects, scene.faces?.faces ?? []);
    const matte = scene.matte?.matte;
    const models = new Set([...(scene.objects?.provenance.models ?? []), ...(scene.matte?.provenance.models ?? [])]);
    const look = { ...step.runOptions, ...(matte && { matte }), reduced: input.reduced() };
    const people =
      persons.length === 0
        ? []
        : await step('analyse', 0.7, async () => {
            models.add(POSE).add(SELFIE);
            const pose = await sessions.get(POSE);
            const selfie = await sessions.get(SELFIE);
            return segmentPeople({ pose, selfie }, picture, persons, look);
          });
    const distinct = objects.filter((object, i) => !isTwin(object, objects.slice(0, i)));
    const things = await step('analyse', 1, async () => segmentThings(picture, distinct, matte, people));
    return { ...scene, subjects: { subjects: [...people, ...things], provenance: { models: [...models] } } };
  },
};
