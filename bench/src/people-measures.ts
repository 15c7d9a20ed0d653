import { boxIou, type Matte } from '@focal/core';
import type { PeoplePhoto, TruePerson } from './people-sets.ts';

/** How well a matte shows one marked person. */
export interface PersonMeasures {
  readonly iou: number;
  /** Of the pixels that the matte gives to the person, the share that is another marked person's. */
  readonly leak: number;
  /** Share of the person's pixels that the matte holds, and of those in the top third of what the person spans. */
  readonly complete: number;
  readonly completeTop: number;
}

export const MISSED: PersonMeasures = { iou: 0, leak: 0, complete: 0, completeTop: 0 };

const TOP = 1 / 3;
/** People touch where their boxes share so much of their union, and the other one is at least so large. */
const TOUCH = 0.02;
const LEAST_OTHER = 0.005;

/** @param matte of the photo's size. */
export function measurePerson({ data }: Matte, truth: TruePerson, photo: PeoplePhoto): PersonMeasures {
  const everyone = unite(photo);
  const top = (truth.box.y + TOP * truth.box.height) * photo.height;
  let [both, either, given, leaked, own, ownTop, heldTop] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    if (photo.ignored[i] === 1) continue;
    const isGiven = (data[i] as number) >= 128;
    const isOwn = truth.mask[i] === 1;
    if (isGiven) given++;
    if (isGiven && !isOwn && everyone[i] === 1) leaked++;
    if (isGiven && isOwn) both++;
    if (isGiven || isOwn) either++;
    if (!isOwn) continue;
    own++;
    if (i >= top * photo.width) continue;
    ownTop++;
    if (isGiven) heldTop++;
  }
  return {
    iou: share(both, either, 1),
    leak: share(leaked, given, 0),
    complete: share(both, own, 1),
    completeTop: share(heldTop, ownTop, 1),
  };
}

/** Whether somebody else of some size stands beside, before or behind the person. */
export function touchesOthers(truth: TruePerson, { persons }: PeoplePhoto): boolean {
  return persons.some((other) => other !== truth && other.area > LEAST_OTHER && boxIou(other.box, truth.box) > TOUCH);
}

/** The pixels of all marked people: 1. */
export function unite({ persons, width, height }: PeoplePhoto): Uint8Array {
  const all = new Uint8Array(width * height);
  for (const { mask } of persons) {
    for (let i = 0; i < all.length; i++) all[i] = (all[i] as number) | (mask[i] as number);
  }
  return all;
}

function share(part: number, whole: number, ofNothing: number): number {
  return whole === 0 ? ofNothing : part / whole;
}
