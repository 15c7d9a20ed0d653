import { type Box, boxArea, boxIou, boxShareWithin, type Point } from '../../scene/geometry.ts';
import type { FocusDetection } from '../focus-session.ts';
import { gapOf, moveBox } from '../moved-boxes.ts';
import type { FeatureMap } from './feature-map.ts';
import { createLookMemory, type LookedFrame } from './look-memory.ts';
import { createRivals } from './rivals.ts';

/** What a detector saw in a frame, and what its net made of it. */
export interface Sight {
  readonly features: FeatureMap;
  /** Those that may be the subject by their label. */
  readonly detections: readonly FocusDetection[];
  /** Number of the frame it is of. */
  readonly frame: number;
}

/** Where the subject is thought to be. */
export interface Thought {
  readonly box: Box;
  readonly velocity: Point;
  readonly usualSize: { readonly width: number; readonly height: number };
}

export interface Verdict {
  /** What is detected at it and looks more like it than the place it is thought at: all of it. */
  readonly whole?: Box;
  /** For the subject being where it is thought to be, or against it: in units of the session's presence. */
  readonly evidence: number;
  /** Where it is instead, for sure, and how it moves. */
  readonly instead?: { readonly box: Box; readonly velocity: Point };
}

/** Knows a subject by the looks of a detector's net: whether it is where it is thought to be, and where else it may be. */
export interface LookedSubject {
  readonly isReady: boolean;
  /** Takes on how it looks, surely there, and how others look. */
  learn(sight: Sight, box: Box): void;
  judge(sight: Sight, thought: Thought): Verdict;
  /** What presence becomes by evidence of other kinds: looks decide, others only ask for the next look. */
  temper(presence: number, evidence: number): number;
  /** Whether the last look spoke for it; true before there was any. */
  readonly isTrusted: boolean;
  /** Whether nobody whom it met is before or behind it, or is to be told from it yet: else it is not learned. */
  readonly isSure: boolean;
  /** Whether it has been seen several times in a row, with no other of its kind in the picture: no mix-up is near. */
  readonly isAtEase: boolean;
  /** Where it most likely is, so many frames after it was last seen. */
  find(sight: Sight, thought: Thought, missing: number): LookedAround;
  /** It was found again. */
  take(): void;
}

export interface LookedAround {
  /** What looks most like it, detected or not. */
  readonly best: { readonly box: Box; readonly likeness: number };
  /** The detection that most likely is it, where one may be. */
  readonly detection?: { readonly box: Box; readonly evidence: number };
  /** How far a place where it is seen speaks for it. */
  evidenceAt(box: Box): number;
}

/** Likeness is 0 for what looks most like it elsewhere and 1 for itself: above the middle it speaks for it. */
const MIDDLE = 0.4;
const UNIT = 0.2;
/** Below 0, how much less is much. */
const UNLIKE_UNIT = 0.15;
const MOST_FOR = 1.5;
const MOST_AGAINST = -4;
/** Something of its kind is detected right there: it may have turned, but it has not left. */
const SEEN_BONUS = 0.4;
/** Another looks so much more like it, so many times in a row: the tracker has gone over to the wrong one. */
const RATHER = 0.7;
const RATHER_BY = 0.5;
const RATHER_TIMES = 2;
/** Places all over the frame are many, and one of them may look like it by chance; detections are few. */
const MIDDLE_ANYWHERE = 0.7;
const MIDDLE_DETECTED = 0.25;
const KNOWN_LABEL = 0.4;
const OTHER_LABEL = -0.2;
/** A detection's mean side, in the usual one. */
const LEAST_SIZE = 0.6;
const MOST_SIZE = 1.6;
/** How far it may get, in its mean sides from where it was heading, and what each side more costs. */
const REACH = 0.3;
const REACH_A_FRAME = 0.06;
const REACH_COST = 0.5;
const MOST_BEYOND = 2;
const RIVAL_COST = 0.8;
/** So long it is thought to go on as it went. */
const COAST_FRAMES = 12;
/** Overlap from which a detection is of the subject. */
const SAME = 0.5;
/** One that has grown, and of which a part is followed. */
const LEAST_WHOLE = 0.15;
const INSIDE = 0.7;
/** A look speaks of so many frames after it; without looks, presence may not fall lower than this in them. */
const FRESH_FRAMES = 24;
const LEAST_UNSEEN = -1;
/** So many looks in a row at a subject that is alone, and it need not be looked at as often. */
const CALM_LOOKS = 4;

export function createLookedSubject(): LookedSubject {
  const memory = createLookMemory();
  const rivals = createRivals();
  /** What detectors called it. */
  const labels = new Set<string>();
  let last: number | undefined;
  let age = 0;
  let rather = 0;
  let isSure = true;
  /** Looks in a row that spoke for it while it was alone. */
  let calm = 0;

  function likenessOf(looked: LookedFrame, box: Box, detections: readonly FocusDetection[]): number {
    const same = detections.filter((each) => boxIou(each.box, box) > SAME);
    const bonus = same.some(({ label }) => labels.has(label)) ? SEEN_BONUS : 0;
    return bonus + Math.max(looked.likeness(box), ...same.map((each) => looked.likeness(each.box)));
  }

  /** The detection around the place, or in it, that looks most like the subject, if by more than the place does. */
  function wholeOf(looked: LookedFrame, box: Box, boxes: readonly Box[]): Box | undefined {
    let best: Box | undefined;
    let most = looked.likeness(box);
    for (const each of boxes) {
      const overlap = boxIou(each, box);
      if (overlap > SAME || overlap < LEAST_WHOLE || shareInside(each, box) < INSIDE) continue;
      const likeness = looked.likeness(each);
      if (likeness <= most) continue;
      most = likeness;
      best = each;
    }
    return best;
  }

  /** Who it is instead of the one that is followed. */
  function correct(own: number, other: { box: Box; likeness: number }) {
    rather = other.likeness > RATHER && other.likeness > own + RATHER_BY ? rather + 1 : 0;
    if (rather >= RATHER_TIMES) {
      rather = 0;
      last = other.likeness;
      return { box: other.box, velocity: { x: 0, y: 0 } };
    }
    return undefined;
  }

  return {
    get isReady() {
      return memory.isReady;
    },
    get isTrusted() {
      return last === undefined || last > MIDDLE;
    },
    get isSure() {
      return isSure;
    },
    get isAtEase() {
      return calm >= CALM_LOOKS;
    },
    learn({ features, detections, frame }, box) {
      const boxes = detections.map((each) => each.box);
      // Who is there from the first frame on is known best.
      if (!memory.isReady) rivals.see(box, boxes, { frame, likeness: () => 0 });
      memory.read(features).learn(box, boxes);
      for (const each of detections) if (boxIou(each.box, box) > SAME) labels.add(each.label);
    },
    judge(sight, thought) {
      const { features, detections } = sight;
      const looked = memory.read(features);
      const likeness = likenessOf(looked, thought.box, detections);
      const boxes = detections.map(({ box }) => box);
      const other = looked.search(boxes, thought.usualSize, { not: thought.box });
      last = likeness;
      age = 0;
      const evidence = evidenceOf(likeness);
      const whole = wholeOf(looked, thought.box, boxes);
      const isOther = rivals.isKnown(other.box, sight.frame);
      const freed = rivals.see(thought.box, boxes, { frame: sight.frame, likeness: (box) => looked.likeness(box) });
      const instead = freed ?? (isOther ? undefined : correct(likeness, other));
      if (freed !== undefined) last = looked.likeness(freed.box);
      isSure = !rivals.isMeeting;
      // Whether there are others of a kind that no detector knows cannot be told.
      const isAlone =
        labels.size > 0 && detections.every(({ box, label }) => boxIou(box, thought.box) > SAME || !labels.has(label));
      calm = isAlone && isSure && likeness > MIDDLE ? calm + 1 : 0;
      return { evidence, ...(whole !== undefined && { whole }), ...(instead !== undefined && { instead }) };
    },
    temper(presence, evidence) {
      age++;
      if (last === undefined || age > FRESH_FRAMES) return presence + evidence;
      if (evidence > 0) return last > MIDDLE ? presence + evidence : presence;
      return Math.max(Math.min(presence, LEAST_UNSEEN), presence + evidence);
    },
    find({ features, detections, frame }, { box: from, velocity, usualSize }, missing) {
      const looked = memory.read(features);
      const ahead = moveBox(from, velocity, Math.min(missing, COAST_FRAMES));
      const others = rivals.at(frame);
      const cost = (box: Box): number => {
        const beyond = gapOf(box, ahead) - REACH - REACH_A_FRAME * missing;
        const gap = Math.min(...others.map((each) => gapOf(box, each)));
        const rival = gap < gapOf(box, ahead) ? RIVAL_COST * Math.max(0, 1 - gap) : 0;
        return REACH_COST * Math.max(0, Math.min(MOST_BEYOND, beyond)) + rival;
      };
      const boxes = [...detections.map(({ box }) => box), ahead, from];
      const best = looked.search(boxes, usualSize, { cost });
      let detection: { readonly box: Box; readonly evidence: number } | undefined;
      for (const { box, label } of detections) {
        const size = Math.sqrt((box.width * box.height) / (usualSize.width * usualSize.height));
        if (size < LEAST_SIZE || size > MOST_SIZE) continue;
        const likeness = looked.likeness(box) - cost(box);
        const evidence = (likeness - MIDDLE_DETECTED) / UNIT + (labels.has(label) ? KNOWN_LABEL : OTHER_LABEL);
        if (detection === undefined || evidence > detection.evidence) detection = { box, evidence };
      }
      return {
        best,
        ...(detection !== undefined && { detection }),
        evidenceAt: (box) => (Math.min(best.likeness, likenessOf(looked, box, detections)) - MIDDLE_ANYWHERE) / UNIT,
      };
    },
    take() {
      calm = 0;
      last = 1;
      age = 0;
      rivals.forget();
    },
  };
}

/** How much of the smaller of two is in the other. */
function shareInside(a: Box, b: Box): number {
  return boxArea(a) < boxArea(b) ? boxShareWithin(a, b) : boxShareWithin(b, a);
}

/** What turns or bends looks less like itself, seldom less than others do: that speaks against it all the more. */
function evidenceOf(likeness: number): number {
  if (likeness > MIDDLE) return Math.min(MOST_FOR, (likeness - MIDDLE) / UNIT);
  if (likeness > 0) return likeness / MIDDLE - 1;
  return Math.max(MOST_AGAINST, likeness / UNLIKE_UNIT - 1);
}
