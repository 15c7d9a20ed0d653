import { type Box, boxCentre, boxIou, boxShareWithin, clampBox, type DetectedObject, type Face } from '@focal/core';
import type { PersonBox } from '../people.ts';

/** What a face needs for a person to be found by it. */
export type FaceOfPerson = Pick<Face, 'id' | 'box' | 'score'>;

/** Share of a face that has to lie within a person's box. */
const WITHIN = 0.6;
/** Where the middle of a face is expected within a person's box, and from how far off on it is not this person's. */
const HEAD_DOWN = 0.15;
const TOO_FAR = 0.75;
/** A face is at least this share of its person's height. */
const SMALLEST_FACE = 0.05;
/** A person, in widths and heights of the face: as wide and as tall as this, from so far above the face on. */
const BODY = { width: 3.2, height: 7, above: 0.5 };
/** Of a box around two people, each takes about half: so much of their union at least. */
const PART_OF_SEVERAL = 0.3;
/** Two boxes that share so much of their union are one person. */
const SAME = 0.6;

/**
 * The persons that a detector and the faces point to, each with the faces that are theirs. A face belongs to the person
 * whose head is where the face is, each person having one; a face without a person stands for a person whose box is guessed from it.
 * Surest first; objects that are no persons are passed over.
 */
export function personBoxesFrom(
  objects: readonly DetectedObject[],
  faces: readonly FaceOfPerson[],
): readonly PersonBox[] {
  const persons = objects.filter(({ label }) => label === 'person');
  const pairs = faces
    .flatMap((face) => persons.map((person) => ({ face, person, cost: costOf(face.box, person.box) })))
    .filter(({ cost }) => cost < TOO_FAR)
    .sort((a, b) => a.cost - b.cost);
  const owners = new Map<FaceOfPerson, DetectedObject>();
  const taken = new Set<DetectedObject>();
  for (const { face, person } of pairs) {
    if (owners.has(face) || taken.has(person)) continue;
    owners.set(face, person);
    taken.add(person);
  }
  const guesses: PersonBox[] = [];
  for (const face of faces) {
    if (owners.has(face)) continue;
    const box = guessBody(face.box);
    const same = persons.find((person) => !taken.has(person) && boxIou(person.box, box) >= SAME);
    if (same === undefined)
      guesses.push({ box, score: face.score, faceIds: [face.id], heads: [face.box], isGuess: true });
    else {
      owners.set(face, same);
      taken.add(same);
    }
  }
  const found = persons.map((person) => {
    const own = faces.filter((face) => owners.get(face) === person);
    const { box, score } = person;
    return { box, score, faceIds: own.map(({ id }) => id), heads: own.map((face) => face.box) };
  });
  const together = [...found, ...guesses];
  return together.filter((each) => !isSeveral(each, together)).sort((a, b) => b.score - a.score);
}

/** A box around two people who stand together is no third one: it has no face of its own, and each of theirs. */
function isSeveral({ box, faceIds = [] }: PersonBox, persons: readonly PersonBox[]): boolean {
  if (faceIds.length > 0) return false;
  const within = persons.filter(
    (other) => other.faceIds?.length && boxIou(other.box, box) > PART_OF_SEVERAL && other.box !== box,
  );
  return within.length >= 2;
}

/** How far a face is from where this person's is expected, 0 exactly there; infinite where it cannot be theirs. */
function costOf(face: Box, person: Box): number {
  if (!(person.width > 0 && person.height > 0) || boxShareWithin(face, person) < WITHIN) return Infinity;
  if (face.height < SMALLEST_FACE * person.height) return Infinity;
  const centre = boxCentre(face);
  const across = Math.abs((centre.x - person.x) / person.width - 0.5);
  // People who sit or lean fill their boxes differently; a face as tall as the box is a head alone.
  const expected = Math.max(HEAD_DOWN, face.height / person.height / 2);
  const down = Math.abs((centre.y - person.y) / person.height - expected);
  return across * 0.7 + down;
}

/** Where the body of a face is, if it is upright and all of it is there. */
function guessBody({ x, y, width, height }: Box): Box {
  return clampBox({
    x: x + (width * (1 - BODY.width)) / 2,
    y: y - BODY.above * height,
    width: BODY.width * width,
    height: BODY.height * height,
  });
}
