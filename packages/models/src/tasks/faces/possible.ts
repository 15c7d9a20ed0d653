import { type Box, boxCentre, boxShareWithin, isInBox, type Picture, type PossibleFace } from '@focal/core';
import type { RunOptions, Session } from '../../ports.ts';
import { lookAtHead } from '../people/looks.ts';
import { createPyramid } from '../people/pyramid.ts';
import { detectFaces, type FaceSessions } from './detect.ts';
import { toFacePoints } from './points.ts';

export interface PossibleFaceSessions extends FaceSessions {
  /** `pose-full`: says where the heads of people are whose faces nobody sees. */
  readonly pose: Session;
}

export interface PossibleFaceOptions extends RunOptions {
  /** Boxes of the faces that are known: what lies within one is left out. */
  readonly faces: readonly Box[];
  readonly persons: readonly { readonly box: Box; readonly score: number }[];
  /** The picture reduced, its shape kept or not, where the caller has it: large ones take a while to reduce. */
  readonly reduced?: Picture;
}

/**
 * From this score of both looks on something may be a face: every marked one of two labelled sets reaches it, and of all
 * else so little does that covering it costs a tenth of the faces' area (bench `anonymise`).
 */
const MAYBE = 0.25;
/** From here on it is more likely a face than not, and its person needs no guess of where the head is. */
const LIKELY = 0.45;
/** What lies by so much of its area within a known face is that face. */
const SAME = 0.75;
/** Least presence that the pose model gives to people who are there. */
const IS_THERE = 0.5;
/** Side of a head's brow-to-chin box beside what the model's eleven points span, ears and mouth included. */
const HEAD_SIDE = 1.25;
/** The same beside the person's box: no smaller, and where the model sees nobody. */
const LEAST_SIDE = 0.09;
const GUESSED_SIDE = 0.14;

/**
 * Where faces may be that are not known: seen on a closer look than usual, at the whole photo and at each person, however
 * unsure; and the heads of people no face of whom was seen, which may be turned away. Surest first, seen ones before
 * guessed ones. Under a second of one core for a photo of 2 MP. Rejects with `aborted`.
 */
export async function findPossibleFaces(
  sessions: PossibleFaceSessions,
  picture: Picture,
  options: PossibleFaceOptions,
): Promise<readonly Omit<PossibleFace, 'id'>[]> {
  const { faces, persons, reduced, ...runOptions } = options;
  const boxes = persons.map(({ box }) => box);
  const look = { ...runOptions, ...(reduced && { reduced }), persons: boxes, everyPerson: true } as const;
  const found = await detectFaces(sessions, picture, { ...look, effort: 'careful', minScore: MAYBE });
  const seen = found
    .filter(({ box }) => !faces.some((face) => boxShareWithin(box, face) >= SAME))
    .map(({ box, score, points, rollDegrees }) => ({
      box,
      basis: 'face' as const,
      score,
      points: toFacePoints(points),
      rollDegrees,
    }));
  const known = [...faces, ...seen.filter(({ score }) => score >= LIKELY).map(({ box }) => box)];
  const heads: Omit<PossibleFace, 'id'>[] = [];
  const faceless = persons.filter(({ box }) => !known.some((face) => isHeadOf(face, box)));
  const pyramid = createPyramid(picture.width / picture.height, [reduced ?? picture]);
  for (const { box, score } of faceless) {
    const { presence, points } = await lookAtHead(sessions.pose, pyramid, box, runOptions);
    const head = presence >= IS_THERE ? headFromPoints(points, box, pyramid.aspect) : guessHead(box, pyramid.aspect);
    if (isInBox(boxCentre(head), { x: 0, y: 0, width: 1, height: 1 })) {
      heads.push({ box: head, basis: 'head', score, rollDegrees: 0 });
    }
  }
  return [...seen, ...heads];
}

/** Whether a face may be that of a person: in the upper half of their box. */
function isHeadOf(face: Box, person: Box): boolean {
  return isInBox(boxCentre(face), { ...person, height: person.height * 0.5 });
}

function headFromPoints(
  points: readonly { readonly x: number; readonly y: number }[],
  person: Box,
  aspect: number,
): Box {
  const xs = points.map(({ x }) => x * aspect);
  const ys = points.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const least = LEAST_SIDE * Math.max(person.width * aspect, person.height);
  return squareAt(
    (left + right) / 2,
    (top + bottom) / 2,
    Math.max(least, HEAD_SIDE * Math.max(right - left, bottom - top)),
    aspect,
  );
}

/** At the top of the box, in its middle. */
function guessHead({ x, y, width, height }: Box, aspect: number): Box {
  const side = Math.min(width * aspect, GUESSED_SIDE * Math.max(width * aspect, height));
  return squareAt((x + width / 2) * aspect, y + side * 0.7, side, aspect);
}

/** In heights of the picture. */
function squareAt(x: number, y: number, side: number, aspect: number): Box {
  return { x: (x - side / 2) / aspect, y: y - side / 2, width: side / aspect, height: side };
}
