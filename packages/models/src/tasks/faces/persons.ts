import { type Box, boxCentre, isInBox, throwIfAborted } from '@focal/core';
import type { RunOptions, Session } from '../../ports.ts';
import { mergeFaces } from './candidates.ts';
import { type Level, readTurned } from './levels.ts';
import { mapFace, type NetFace, type NetInput, runFaceNet } from './net.ts';

/** Pixels to a side of the closer look at a person's upper part, and how many persons are looked at. */
const PERSON_SIDE = 192;
const MOST_PERSONS = 12;
const ALL_PERSONS = 100;
/** Of a person's height, the upper part that holds the head, with some room. */
const UPPER_PART = 0.4;
/** Pixels of the closer look for one of the finest level, from which on it shows more than that did. */
const CLOSER = 1.5;

export interface PersonLookOptions extends RunOptions {
  /** In pixels of the photo: persons that hold one of these are passed over. */
  readonly found: readonly NetFace[];
  /** Look at all of them, also at those of whom it shows nothing new. */
  readonly everyPerson: boolean;
  readonly minScore: number;
}

/**
 * What `face-full` sees in the upper parts of persons that hold none of the faces found so far, in pixels of the photo.
 * Only of those that are so small that this shows more than the levels, finest first and the photo last, did.
 */
export async function lookAtPersons(
  full: Session,
  levels: readonly Level[],
  persons: readonly Box[],
  { found, everyPerson, minScore, ...options }: PersonLookOptions,
): Promise<readonly NetFace[]> {
  const photo = levels.at(-1);
  const finest = levels[0];
  if (photo === undefined || finest === undefined) return [];
  const { width, height } = photo.picture;
  const seen: NetFace[] = [];
  let left = everyPerson ? ALL_PERSONS : MOST_PERSONS;
  for (const person of persons) {
    const box = {
      x: person.x * width,
      y: person.y * height,
      width: person.width * width,
      height: person.height * height,
    };
    if (found.some((face) => isInBox(boxCentre(face), box))) continue;
    const size = Math.max(box.width, UPPER_PART * box.height, 1) * 1.2;
    if ((!everyPerson && PERSON_SIDE / size < CLOSER * finest.scaleX) || left === 0) continue;
    left--;
    throwIfAborted(options.signal);
    const centre = { x: box.x + box.width / 2, y: box.y + size * 0.4 };
    const data = readTurned(levels, { centre, size, angle: 0 }, PERSON_SIDE);
    const input: NetInput = { data, width: PERSON_SIDE, height: PERSON_SIDE };
    const scale = size / PERSON_SIDE;
    for (const face of mergeFaces(await runFaceNet(full, 'face-full', input, minScore, options))) {
      seen.push(
        mapFace(face, scale, scale, ({ x, y }) => ({
          x: centre.x + (x - PERSON_SIDE / 2) * scale,
          y: centre.y + (y - PERSON_SIDE / 2) * scale,
        })),
      );
    }
  }
  return seen;
}
