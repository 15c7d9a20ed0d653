import type { HeadPlace } from '../../anonymise/outline.ts';
import { boxCentre, boxIou, type Point } from '../../scene/geometry.ts';

/** Where somebody, or a face, was seen. */
export type SeenPlace = HeadPlace;

/** Where somebody may be now. */
export interface KeptPlace {
  readonly place: SeenPlace;
  /** How far they may have moved since they were seen there, in sides of the box; 0 in the frame in which they were. */
  readonly reach: number;
  /** Where they were right before, while they are seen from frame to frame. */
  readonly before?: SeenPlace;
}

export interface PlaceKeeperOptions {
  /** How fast whoever was never seen moving may be, in sides of their box a second. */
  readonly leastSpeed: number;
  /** How long somebody who is no longer seen may still be there; for some frames in any case, however few come. */
  readonly holdMs: number;
}

/**
 * Keeps places where something was seen for as long as it may still be there, for covers that must not slip when a
 * detector misses it for a frame or comes late: the longer ago, the further it may have moved. Times must not fall from
 * one `see` to the next.
 */
export interface PlaceKeeper {
  /** All places of the frame of this time. */
  see(places: readonly SeenPlace[], timeMs: number): void;
  /** Places of an earlier frame, told late: those of what is known better by now are ignored. */
  seeLate(places: readonly SeenPlace[], timeMs: number): void;
  at(timeMs: number): readonly KeptPlace[];
  forget(): void;
}

/** How fast movement is believed to change: the share of the newest measure. */
const NEWEST = 0.5;
/** Seen moving at some speed, it may be faster by this. */
const FASTER = 1.5;
/** The farthest that is reckoned with, in sides: as if all of what is near were hidden. */
const MOST_REACH = 3;
/** Sides that two places of one thing may differ by. */
const MOST_RATIO = 2.2;
/** Farther apart than this, in sides and beside what movement explains, two places are not of one thing. */
const SAME_AWAY = 0.9;
/** Frames in which somebody has to be missed before they are gone. */
const LEAST_MISSED = 4;
/** The place before counts for so long. */
const BEFORE_MS = 250;

interface Kept {
  place: SeenPlace;
  seenMs: number;
  /** Frames since. */
  missed: number;
  /** Sides a second across and down. */
  speed: Point;
  before: { readonly place: SeenPlace; readonly seenMs: number } | undefined;
}

export function createPlaceKeeper({ leastSpeed, holdMs }: PlaceKeeperOptions): PlaceKeeper {
  let kept: Kept[] = [];

  const reachAt = ({ speed, seenMs }: Kept, timeMs: number): number => {
    const seconds = Math.max(0, timeMs - seenMs) / 1000;
    return Math.min(MOST_REACH, seconds * (leastSpeed + FASTER * Math.sqrt(speed.x * speed.x + speed.y * speed.y)));
  };

  /** Above 0 where it may be the same, the more the likelier. */
  const likeness = (each: Kept, place: SeenPlace, timeMs: number): number => {
    const [a, b] = [sideOf(each.place), sideOf(place)];
    if (Math.max(a, b) > MOST_RATIO * Math.min(a, b)) return 0;
    const away = gap(each.place, place) / Math.max(a, b);
    return Math.max(0, 1 - away / (SAME_AWAY + reachAt(each, timeMs))) + boxIou(each.place.box, place.box);
  };

  const add = (place: SeenPlace, seenMs: number): void => {
    kept.push({ place, seenMs, missed: 0, speed: { x: 0, y: 0 }, before: undefined });
  };

  const move = (each: Kept, place: SeenPlace, timeMs: number): void => {
    const seconds = Math.max(1, timeMs - each.seenMs) / 1000;
    const [from, to] = [boxCentre(each.place.box), boxCentre(place.box)];
    const towards = (now: number, measured: number) => now + NEWEST * (measured - now);
    const { width, height } = place.box;
    each.speed = {
      x: towards(each.speed.x, (to.x - from.x) / Math.max(1e-6, width) / seconds),
      y: towards(each.speed.y, (to.y - from.y) / Math.max(1e-6, height) / seconds),
    };
    each.before = { place: each.place, seenMs: each.seenMs };
    each.place = place;
    each.seenMs = timeMs;
    each.missed = 0;
  };

  /** The pairs that belong together, the likeliest first, and what is left over. */
  const match = (places: readonly SeenPlace[], timeMs: number) => {
    const pairs = kept
      .flatMap((each) => places.map((place) => ({ each, place, score: likeness(each, place, timeMs) })))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
    const [taken, matched] = [new Set<SeenPlace>(), new Map<Kept, SeenPlace>()];
    for (const { each, place } of pairs) {
      if (taken.has(place) || matched.has(each)) continue;
      taken.add(place);
      matched.set(each, place);
    }
    return { matched, left: places.filter((place) => !taken.has(place)) };
  };

  return {
    see(places, timeMs) {
      for (const each of kept) each.missed++;
      const { matched, left } = match(places, timeMs);
      for (const [each, place] of matched) move(each, place, timeMs);
      for (const place of left) add(place, timeMs);
      kept = kept.filter(({ seenMs, missed }) => timeMs - seenMs <= holdMs || missed < LEAST_MISSED);
    },
    seeLate(places, timeMs) {
      const { matched, left } = match(places, timeMs);
      for (const [each, place] of matched) if (each.seenMs < timeMs) move(each, place, timeMs);
      for (const place of left) add(place, timeMs);
    },
    at: (timeMs) =>
      kept.map((each) => ({
        place: each.place,
        reach: reachAt(each, timeMs),
        ...(each.before !== undefined && timeMs - each.before.seenMs <= BEFORE_MS && { before: each.before.place }),
      })),
    forget() {
      kept = [];
    },
  };
}

/** The longer side, in fractions of the frame. */
function sideOf({ box }: SeenPlace): number {
  return Math.max(box.width, box.height, 1e-6);
}

function gap(a: SeenPlace, b: SeenPlace): number {
  const [from, to] = [boxCentre(a.box), boxCentre(b.box)];
  return Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
}
