import { type Box, boxCentre, boxIou, type Point } from '../../scene/geometry.ts';

/** Follows those around a subject who may be taken for it, to know who is who once they have met. */
export interface Rivals {
  /** Whether one of them is before or behind the subject, or is to be told from it yet. */
  readonly isMeeting: boolean;
  /**
   * What is seen in a frame: what is followed as the subject, and others of its kind. Gives where the subject is where
   * it came out of a meeting as the other.
   */
  see(subject: Box, others: readonly Box[], options: SeeOptions): Freed | undefined;
  /** Whether what is here was seen beside the subject more than once: it is another. */
  isKnown(box: Box, frame: number): boolean;
  /** Where they should be in this frame. */
  at(frame: number): readonly Box[];
  /** Nobody is known any more. */
  forget(): void;
}

export interface SeeOptions {
  readonly frame: number;
  /** How much what is in a box looks like the subject, about 0..1. */
  readonly likeness: (box: Box) => number;
}

/** The subject, parted from one who was taken for it. */
export interface Freed {
  readonly box: Box;
  /** How its middle moved before they met, in fractions of the frame a frame. */
  readonly velocity: Point;
}

/** Both in a frame in which they were apart. */
interface Pair {
  readonly frame: number;
  readonly own: Box;
  readonly other: Box;
}

interface Rival {
  pairs: readonly Pair[];
  /** It was not seen apart where it should be beside the subject. */
  isHidden: boolean;
}

/** Middles so many sides apart, along the axis where it is more, are of two who hardly touch. */
const APART = 0.85;
/** Farther from where one should be, in sides, it is another. */
const SAME_GAP = 1;
/** The same while it is not known how it goes. */
const SAME_GAP_ONCE = 2;
/** By so much better, in sides, the swapped must fit, and by so much less at most look like it. */
const SURE_GAP = 0.5;
const UNLIKE_GAP = 0.15;
/** So many pairs tell how they go, not older than so many frames. */
const MOST_PAIRS = 5;
const MOST_FRAMES = 48;
/** Seen but once, it is forgotten sooner. */
const MOST_FRAMES_ONCE = 17;
/** Who is farther, in sides, or so much smaller or larger, is not taken for it. */
const FAR = 5;
const LEAST_SIZE = 0.5;
const MOST_SIZE = 2;
/** Boxes that overlap by more are of one: detectors may call it by two names. */
const SAME = 0.6;
/** Overlap with where one should be. */
const KNOWN = 0.3;

/**
 * What tells is how they go beside each other, not in the frame: a camera that moves, moves both. Who is where after a
 * meeting is decided for both at once.
 */
export function createRivals(): Rivals {
  let rivals: Rival[] = [];
  let isMeeting = false;

  return {
    get isMeeting() {
      return isMeeting;
    },
    see(subject, others, { frame, likeness }) {
      const apart = distinct(others.filter((each) => mayBeTaken(each, subject)));
      let freed: Freed | undefined;
      isMeeting = false;
      rivals = rivals.filter(
        ({ pairs }) => frame - lastOf(pairs).frame <= (pairs.length === 1 ? MOST_FRAMES_ONCE : MOST_FRAMES),
      );
      // Who has been seen often is known best.
      rivals.sort((a, b) => b.pairs.length - a.pairs.length);
      for (const rival of rivals) {
        const way = wayOf(rival.pairs);
        const last = lastOf(rival.pairs);
        const ahead = way(frame);
        const hasMet = rival.isHidden || meets(way, last, frame);
        const most = rival.pairs.length === 1 ? SAME_GAP_ONCE : SAME_GAP;
        const found = nearestOf(apart, subject, { ahead, hasMet, most });
        if (found === undefined) {
          rival.isHidden = hasMet;
          isMeeting ||= hasMet;
          continue;
        }
        apart.splice(apart.indexOf(found.box), 1);
        rival.isHidden = false;
        const fits = hasMet && found.straight - found.swapped > SURE_GAP;
        // Motion alone would take many a passer-by for it.
        if (fits && likeness(found.box) > likeness(subject) - UNLIKE_GAP) {
          freed = { box: found.box, velocity: speedOf(rival.pairs) };
          break;
        }
        const pair = { frame, own: subject, other: found.box };
        rival.pairs = [...rival.pairs, pair].slice(-MOST_PAIRS);
      }
      if (freed !== undefined) {
        // All that was known of them was beside the wrong one since.
        rivals = [{ pairs: [{ frame, own: freed.box, other: subject }], isHidden: false }];
        isMeeting = false;
        return freed;
      }
      for (const box of apart) rivals.push({ pairs: [{ frame, own: subject, other: box }], isHidden: false });
      return undefined;
    },
    isKnown(box, frame) {
      return rivals.some(({ pairs }) => pairs.length > 1 && boxIou(otherAt(pairs, frame), box) > KNOWN);
    },
    at: (frame) => rivals.map(({ pairs }) => otherAt(pairs, frame)),
    forget() {
      rivals = [];
      isMeeting = false;
    },
  };
}

function otherAt(pairs: readonly Pair[], frame: number): Box {
  const { other, frame: then } = lastOf(pairs);
  const { x, y } = slopeOf(pairs.map((each) => ({ frame: each.frame, point: boxCentre(each.other) })));
  return { ...other, x: other.x + x * (frame - then), y: other.y + y * (frame - then) };
}

/** Of those apart the one that best fits where the other should be beside the subject or, after a meeting, swapped with it. */
function nearestOf(
  apart: readonly Box[],
  subject: Box,
  { ahead, hasMet, most }: { readonly ahead: Point; readonly hasMet: boolean; readonly most: number },
) {
  let best: { readonly box: Box; readonly straight: number; readonly swapped: number } | undefined;
  for (const box of apart) {
    const seen = offset(subject, box);
    const straight = length({ x: seen.x - ahead.x, y: seen.y - ahead.y }, subject, box);
    const swapped = hasMet ? length({ x: -seen.x - ahead.x, y: -seen.y - ahead.y }, subject, box) : straight;
    const gap = Math.min(straight, swapped);
    const before = best === undefined ? Number.POSITIVE_INFINITY : Math.min(best.straight, best.swapped);
    if (gap < most && gap < before) best = { box, straight, swapped };
  }
  return best;
}

/** Whether they were to touch since they were seen apart. */
function meets(way: (frame: number) => Point, { own, other, frame }: Pair, to: number): boolean {
  for (let at = frame + 1; at <= to; at++) if (spread(way(at), own, other) < APART) return true;
  return false;
}

/** From the other to the subject, frame by frame, as it went. */
function wayOf(pairs: readonly Pair[]): (frame: number) => Point {
  const { frame, own, other } = lastOf(pairs);
  const { x, y } = offset(own, other);
  const slope = slopeOf(pairs.map((each) => ({ frame: each.frame, point: offset(each.own, each.other) })));
  return (at) => ({ x: x + slope.x * (at - frame), y: y + slope.y * (at - frame) });
}

function speedOf(pairs: readonly Pair[]): Point {
  return slopeOf(pairs.map(({ frame, own }) => ({ frame, point: boxCentre(own) })));
}

/** Of the line that fits best. */
function slopeOf(all: readonly { readonly frame: number; readonly point: Point }[]): Point {
  const middle = { frame: 0, x: 0, y: 0 };
  for (const { frame, point } of all) {
    middle.frame += frame / all.length;
    middle.x += point.x / all.length;
    middle.y += point.y / all.length;
  }
  let [x, y, weight] = [0, 0, 1e-9];
  for (const { frame, point } of all) {
    const by = frame - middle.frame;
    x += by * (point.x - middle.x);
    y += by * (point.y - middle.y);
    weight += by * by;
  }
  return { x: x / weight, y: y / weight };
}

/** Near, apart and about as large. */
function mayBeTaken(box: Box, subject: Box): boolean {
  const apart = spread(offset(subject, box), subject, box);
  const size = Math.sqrt((box.width * box.height) / (subject.width * subject.height));
  return apart >= APART && apart <= FAR && size >= LEAST_SIZE && size <= MOST_SIZE;
}

function distinct(boxes: readonly Box[]): Box[] {
  const kept: Box[] = [];
  for (const box of boxes) if (kept.every((each) => boxIou(each, box) < SAME)) kept.push(box);
  return kept;
}

function offset(from: Box, to: Box): Point {
  const [a, b] = [boxCentre(from), boxCentre(to)];
  return { x: a.x - b.x, y: a.y - b.y };
}

/** In mean sides of both along the axis where it is more: they touch below 1. */
function spread({ x, y }: Point, a: Box, b: Box): number {
  return Math.max((2 * Math.abs(x)) / (a.width + b.width), (2 * Math.abs(y)) / (a.height + b.height));
}

function length({ x, y }: Point, a: Box, b: Box): number {
  return Math.hypot((2 * x) / (a.width + b.width), (2 * y) / (a.height + b.height));
}

function lastOf(pairs: readonly Pair[]): Pair {
  return pairs[pairs.length - 1] as Pair;
}
