import { type Box, boxIou } from '../../scene/geometry.ts';
import { describeLook, type Look } from './describe-look.ts';
import { createWhitener, type FeatureMap } from './feature-map.ts';
import { createLookClassifier } from './look-classifier.ts';

/** A place, and how much what is there looks like the subject. */
export interface LookedAt {
  readonly box: Box;
  /** About 0 for what looks most like it elsewhere, about 1 for itself. */
  readonly likeness: number;
}

/** Knows a subject by what a net sees in it: learned while it is surely there. */
export interface LookMemory {
  /** Whether it has learned what the subject looks like. */
  readonly isReady: boolean;
  /** A frame, to be asked about. */
  read(map: FeatureMap): LookedFrame;
}

export interface SearchOptions {
  /** What overlaps this is left out. */
  readonly not?: Box;
  /** How much more it must look like it to be there. */
  readonly cost?: (box: Box) => number;
}

export interface LookedFrame {
  likeness(box: Box): number;
  /** The place that looks most like it, of these and of all of this size, but not where `not` is. */
  search(
    boxes: readonly Box[],
    size: { readonly width: number; readonly height: number },
    options?: SearchOptions,
  ): LookedAt;
  /** Takes on what the subject looks like here, and what looks most like it elsewhere; `boxes`: others, for sure. */
  learn(box: Box, boxes: readonly Box[]): void;
}

/** Sizes that are looked for, of the usual one. */
const SIZES = [0.85, 1, 1.2];
/** Steps between places, in sides of the subject. */
const STEP = 0.34;
/** So much of it may lie outside of the frame. */
const OUTSIDE = 0.1;
/** What overlaps the subject by more is of it. */
const APART = 0.1;
/** So many of the places that look most like it are learned as what is not it. */
const HARDEST = 8;
/** What looks this much like it cannot be told from it by looks, and would only make it doubted. */
const TWIN = 0.6;
/** At first what is a little beside is learned as it too, in its sides: a tracker is never quite exact. */
const BESIDE = 0.08;
/**
 * Scores of the subject and of what looks most like it elsewhere, before any were seen: half of each are above, in clips
 * with truth. How fast they follow what is seen, and how far apart they stay.
 */
const FIRST_OWN = 0.36;
const FIRST_OTHER = 0.19;
const OWN_RATE = 0.1;
const OTHER_RATE = 0.25;
const LEAST_GAP = 0.1;

export function createLookMemory(): LookMemory {
  const classifier = createLookClassifier();
  let whitener: ReturnType<typeof createWhitener> | undefined;
  let isReady = false;
  let own = FIRST_OWN;
  let other = FIRST_OTHER;

  const toLikeness = (score: number) => (score - other) / Math.max(LEAST_GAP, own - other);

  function lookAt(map: FeatureMap, box: Box): number {
    return classifier.score(describeLook(map, box));
  }

  return {
    get isReady() {
      return isReady;
    },
    read(features) {
      whitener ??= createWhitener(features);
      const map = whitener(features);
      return {
        likeness: (box) => toLikeness(lookAt(map, box)),
        search(boxes, size, { not, cost } = {}) {
          let best: (LookedAt & { readonly rank: number }) | undefined;
          for (const box of [...boxes, ...placesIn(map, size)]) {
            if (not !== undefined && boxIou(box, not) > APART) continue;
            const likeness = toLikeness(lookAt(map, box));
            const rank = likeness - (cost?.(box) ?? 0);
            if (best === undefined || rank > best.rank) best = { box, likeness, rank };
          }
          return best ?? { box: { x: 0, y: 0, ...size }, likeness: Number.NEGATIVE_INFINITY };
        },
        learn(box, boxes) {
          const isApart = (each: Box) => boxIou(each, box) < APART;
          const places = placesIn(map, box)
            .filter(isApart)
            .map((each) => describeLook(map, each));
          const look = describeLook(map, box);
          if (isReady) follow(classifier.score(look), places);
          else begin([look, ...besides(box).map((each) => describeLook(map, each))], places);
          const isOther = (each: Look) => !isReady || toLikeness(classifier.score(each)) < TWIN;
          const scored = places.filter(isOther).map((each) => ({ look: each, score: classifier.score(each) }));
          const hardest = scored.sort((a, b) => b.score - a.score).slice(0, HARDEST);
          const others = boxes.filter(isApart).map((each) => describeLook(map, each));
          classifier.learn(isReady ? [look] : [], [...hardest.map((each) => each.look), ...others.filter(isOther)]);
          isReady = true;
        },
      };
    },
  };

  /** What it looks like beside what is anywhere else: only then is known what is hard to tell from it. */
  function begin(looks: readonly Look[], places: readonly Look[]): void {
    const step = Math.max(1, Math.floor(places.length / (2 * HARDEST)));
    classifier.learn(looks, places.filter((_, i) => i % step === 0).slice(0, 2 * HARDEST));
  }

  /** The scale of likeness follows what is met, before that is learned. */
  function follow(score: number, places: readonly Look[]): void {
    let most = Number.NEGATIVE_INFINITY;
    for (const each of places) most = Math.max(most, classifier.score(each));
    own += (score - own) * OWN_RATE;
    if (places.length > 0 && toLikeness(most) < TWIN) other += (most - other) * OTHER_RATE;
  }
}

function besides(box: Box): readonly Box[] {
  return [-BESIDE, BESIDE].map((by) => ({ ...box, x: box.x + by * box.width }));
}

/** Boxes all over the frame, of about this size. */
function placesIn(map: FeatureMap, size: { readonly width: number; readonly height: number }): readonly Box[] {
  const places: Box[] = [];
  for (const factor of SIZES) {
    const width = size.width * factor;
    const height = size.height * factor;
    const stepX = Math.max(STEP * width, map.area.width / map.width);
    const stepY = Math.max(STEP * height, map.area.height / map.height);
    for (let y = -OUTSIDE * height; y <= 1 - (1 - OUTSIDE) * height; y += stepY) {
      for (let x = -OUTSIDE * width; x <= 1 - (1 - OUTSIDE) * width; x += stepX) places.push({ x, y, width, height });
    }
  }
  return places;
}
