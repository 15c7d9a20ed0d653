import { type Box, type Picture, type ThreadCache, throwIfAborted, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../../ports.ts';
import { type FaceCandidate, mergeFaces, rollOf, toCandidate } from './candidates.ts';
import { createLevel, type Level } from './levels.ts';
import { mapFace, type NetFace, type NetInput, runFaceNet, SHORT_SIDE, SIDE_STEP, toNetInput } from './net.ts';
import { lookAtPersons } from './persons.ts';
import { lookTwice } from './second-look.ts';

/** The two nets, by the ids `face-full` and `face-short`. They stay the caller's. */
export interface FaceSessions {
  readonly full: Session;
  readonly short: Session;
}

/** `fast`: faces from a thirtieth of the picture's shorter side. `careful`: from a sixtieth, several times as slow. */
export type FaceEffort = 'fast' | 'careful';

export interface DetectFacesOptions extends RunOptions {
  /** For pictures one after another, such as a video's. */
  readonly cache?: ThreadCache;
  /** Default `fast`. */
  readonly effort?: FaceEffort;
  /**
   * Where people are known to be. In those without a face it is looked for again, closer; with `everyPerson` in all of
   * them, also those in which a face was found.
   */
  readonly persons?: readonly Box[];
  readonly everyPerson?: boolean;
  /** From which score of both looks on something is a face, 0..1. Default .45, below which most are none. */
  readonly minScore?: number;
  /** The picture reduced, its shape kept or not, where the caller has it: large ones take a while to reduce. */
  readonly reduced?: Picture;
}

interface Effort {
  /** Shorter sides of the picture, in pixels, that `face-full` is run at, each with a border of black in pixels. */
  readonly passes: readonly { readonly side: number; readonly border: number }[];
  /** What is at least so sure at first sight is looked at again … */
  readonly worthALook: number;
  /** … and is a face when both looks together are so sure. */
  readonly enough: number;
  /** Looks at most, surest first. */
  readonly looks: number;
}

const EFFORTS: Readonly<Record<FaceEffort, Effort>> = {
  fast: {
    passes: [
      { side: 480, border: 0 },
      // Faces that the picture's edge cuts are found when there is something beyond it.
      { side: 160, border: SIDE_STEP },
    ],
    worthALook: 0.15,
    enough: 0.45,
    looks: 64,
  },
  careful: {
    passes: [
      { side: 960, border: 0 },
      { side: 480, border: 0 },
      { side: 240, border: SIDE_STEP },
      { side: 160, border: SIDE_STEP },
    ],
    worthALook: 0.12,
    enough: 0.45,
    looks: 128,
  },
};

/** What is so sure at first sight is a face. It is looked at again only to place its points, where it is turned far. */
const SURE = 0.7;
/** Radians: about 25°. */
const TURNED_FAR = 0.44;
/** `face-short` is surer of everything: by so much. */
const SHORT_BIAS = 0.2;

/**
 * The faces in a picture, surest first, each once; an empty list where there are none. Some 100 ms of one core for a photo of 2 MP.
 * The detector sees the picture at several sizes; what it is unsure of is looked at again. [Note: looking twice]
 * Throws `aborted` between the runs of the nets.
 *
 * @example
 * const faces = await detectFaces({ full, short }, picture, { effort: 'careful' });
 * faces[0]?.points.nose // { x: 0.41, y: 0.27 }
 */
export async function detectFaces(
  sessions: FaceSessions,
  picture: Picture,
  options: DetectFacesOptions = {},
): Promise<readonly FaceCandidate[]> {
  const { effort: name = 'fast', persons = [], everyPerson = false, minScore, reduced, cache, ...runOptions } = options;
  const effort = EFFORTS[name];
  const enough = minScore ?? effort.enough;
  const levels: Level[] = [];
  const seen: NetFace[] = [];
  for (const { side, border } of effort.passes) {
    throwIfAborted(options.signal);
    const level = createLevel(picture, side, levels.at(-1)?.picture ?? reduced, cache);
    // Of a small picture, two sizes may come to the same.
    if (levels.some((other) => other.picture.width === level.picture.width)) continue;
    levels.push(level);
    seen.push(...(await lookAtLevel(sessions.full, level, border, effort.worthALook, runOptions)));
  }
  throwIfAborted(options.signal);
  const smallest = levels.at(-1);
  const middle = levels.at(-2) ?? smallest;
  if (middle !== undefined) seen.push(...(await lookAtAll(sessions.short, middle, effort.worthALook, runOptions)));
  levels.push({ picture, scaleX: 1, scaleY: 1 });
  const placed = everyPerson ? [] : seen.filter(({ score }) => score >= SURE);
  seen.push(
    ...(await lookAtPersons(sessions.full, levels, persons, {
      found: placed,
      everyPerson,
      minScore: effort.worthALook,
      ...runOptions,
    })),
  );

  const faces: NetFace[] = [];
  let looks = 0;
  for (const face of mergeFaces(seen)) {
    const isSure = face.score >= SURE;
    let again: NetFace | undefined;
    if (looks < effort.looks && (!isSure || Math.abs(rollOf(face)) > TURNED_FAR)) {
      looks++;
      throwIfAborted(options.signal);
      again = await lookTwice(sessions.full, levels, face, runOptions);
    }
    if (again !== undefined && again.score >= enough) faces.push(again);
    else if (isSure) faces.push(face);
  }
  return mergeFaces(faces).map((face) => toCandidate(face, picture.width, picture.height));
}

/** What `face-full` sees in a level, in pixels of the photo. */
async function lookAtLevel(
  full: Session,
  { picture, scaleX, scaleY }: Level,
  border: number,
  minScore: number,
  options: RunOptions,
): Promise<readonly NetFace[]> {
  const faces = await runFaceNet(full, 'face-full', toNetInput(picture, border), minScore, options);
  return mergeFaces(faces).map((face) =>
    mapFace(face, 1 / scaleX, 1 / scaleY, ({ x, y }) => ({ x: (x - border) / scaleX, y: (y - border) / scaleY })),
  );
}

/** What `face-short` sees in a level, in pixels of the photo: faces that fill it. */
async function lookAtAll(
  short: Session,
  { picture, scaleX, scaleY }: Level,
  minScore: number,
  options: RunOptions,
): Promise<readonly NetFace[]> {
  const { data, content } = toTensor(picture, SHORT_SIDE, SHORT_SIDE, {
    fit: 'letterbox',
    layout: 'nhwc',
    mean: [127.5, 127.5, 127.5],
    scale: [1 / 127.5, 1 / 127.5, 1 / 127.5],
  });
  const input: NetInput = { data, width: SHORT_SIDE, height: SHORT_SIDE };
  const faces = await runFaceNet(short, 'face-short', input, minScore + SHORT_BIAS, options);
  const toPhotoX = picture.width / scaleX / content.width;
  const toPhotoY = picture.height / scaleY / content.height;
  return mergeFaces(faces).map((face) => {
    const moved = mapFace(face, toPhotoX, toPhotoY, ({ x, y }) => ({
      x: (x - content.x) * toPhotoX,
      y: (y - content.y) * toPhotoY,
    }));
    return { ...moved, score: face.score - SHORT_BIAS };
  });
}
