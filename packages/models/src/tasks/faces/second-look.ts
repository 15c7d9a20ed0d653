import type { Point } from '@focal/core';
import type { RunOptions, Session } from '../../ports.ts';
import { rollOf } from './candidates.ts';
import { type Level, readTurned, type TurnedSquare } from './levels.ts';
import { mapFace, type NetFace, runFaceNet } from './net.ts';

// [Note: looking twice]
// The detector knows upright faces best: of faces turned by 45° and of half-covered ones it is unsure, and of some
// things that are no faces it is just as unsure. But it places the eyes and the mouth rightly in nearly all of the
// former. So what it is unsure of is turned upright by them, brought to the size it knows best, and looked at again:
// what is a face becomes surer, and better placed, what is none fades. This costs one small run for each, instead of
// several over the whole photo turned this way and that. The numbers were tuned on one half of labelled photos.

/** Side of the second look, and the face's share of it. */
const SIDE = 192;
const FACE_SHARE = 0.35;
/** How far from the middle, and how much larger or smaller than expected, it may be to be the same face. */
const SHIFT = 0.6;
const SMALLER = 0.5;
const LARGER = 2;
const LEAST_SCORE = 0.05;
/** What the first look says counts by this, the second by the rest. */
const FIRST_WEIGHT = 0.35;

/** A face that turns out to be turned otherwise, by more than this, is looked at once more: about 20°. */
const TURNED_OTHERWISE = 0.35;

/**
 * A closer look at what may be a face, in pixels of the photo: placed better and with the score of both looks, or
 * nothing where the second saw no face.
 */
export async function lookTwice(
  full: Session,
  levels: readonly Level[],
  face: NetFace,
  options: RunOptions,
): Promise<NetFace | undefined> {
  const angle = rollOf(face);
  const second = await look(full, levels, face, angle, options);
  if (second === undefined) return undefined;
  const off = Math.abs(turnBetween(angle, rollOf(second)));
  const third = off > TURNED_OTHERWISE ? await look(full, levels, second, rollOf(second), options) : undefined;
  const best = third !== undefined && third.score > second.score ? third : second;
  return { ...best, score: combine(face.score, best.score) };
}

async function look(
  full: Session,
  levels: readonly Level[],
  { x, y, width, height }: NetFace,
  angle: number,
  options: RunOptions,
): Promise<NetFace | undefined> {
  const size = Math.max(width, height, 1) / FACE_SHARE;
  const square: TurnedSquare = { centre: { x: x + width / 2, y: y + height / 2 }, size, angle };
  const data = readTurned(levels, square, SIDE);
  const seen = await runFaceNet(full, 'face-full', { data, width: SIDE, height: SIDE }, LEAST_SCORE, options);
  const best = seen.filter(isExpected).reduce<NetFace | undefined>(surer, undefined);
  return best && mapFace(best, size / SIDE, size / SIDE, fromSquare(square));
}

/** Radians from one direction to another, -π..π. */
function turnBetween(from: number, to: number): number {
  return Math.atan2(Math.sin(to - from), Math.cos(to - from));
}

function isExpected({ x, y, width, height }: NetFace): boolean {
  const expected = SIDE * FACE_SHARE;
  const away = Math.hypot(x + width / 2 - SIDE / 2, y + height / 2 - SIDE / 2);
  return away < SHIFT * expected && width > SMALLER * expected && width < LARGER * expected;
}

function surer(best: NetFace | undefined, face: NetFace): NetFace {
  return best === undefined || face.score > best.score ? face : best;
}

/** From pixels of the second look to those of the photo. */
function fromSquare({ centre, size, angle }: TurnedSquare): (point: Point) => Point {
  const along = (Math.cos(angle) * size) / SIDE;
  const across = (Math.sin(angle) * size) / SIDE;
  return ({ x, y }) => {
    const dx = x - SIDE / 2;
    const dy = y - SIDE / 2;
    return { x: centre.x + along * dx - across * dy, y: centre.y + across * dx + along * dy };
  };
}

/** The weighted mean of both scores as logits. */
function combine(first: number, second: number): number {
  const mean = FIRST_WEIGHT * toLogit(first) + (1 - FIRST_WEIGHT) * toLogit(second);
  return 1 / (1 + Math.exp(-mean));
}

function toLogit(score: number): number {
  return Math.log((score + 1e-3) / (1 - score + 1e-3));
}
