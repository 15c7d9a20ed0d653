import { FocalError } from '../errors.ts';
import type { Picture } from '../picture/picture.ts';
import { type Box, boxIou, type Point } from '../scene/geometry.ts';
import { describeAppearance } from './appearance.ts';
import { type AppearanceMemory, createAppearanceMemory } from './appearance-memory.ts';
import type { FeatureMap } from './looks/feature-map.ts';
import { createLookedSubject, type LookedSubject, type Sight } from './looks/looked-subject.ts';
import { blendBoxes, gapOf, moveBox, resizeBox } from './moved-boxes.ts';
import { toTarget } from './target.ts';
import type { Tracker } from './tracker.ts';

/** `searching`: just lost sight of, looked for; `lost`: looked for without end, and not shown as there. */
export type FocusState = 'idle' | 'locked' | 'searching' | 'lost';

/** What a detector found in a frame. */
export interface FocusDetection {
  readonly box: Box;
  readonly label: string;
}

/** What a detector saw in a frame. */
export interface FocusSight {
  readonly detections: readonly FocusDetection[];
  /** What its net made of the frame on the way: by it looks are told apart far better than by edges and colours. */
  readonly features?: FeatureMap;
}

export interface FocusFrame extends Partial<FocusSight> {
  readonly picture: Picture;
  /** What was seen is of the frame so many frames before this one. Default 0. */
  readonly seenAgo?: number;
}

/** How much a detector is to look. */
export type SightWish = 'little' | 'usual' | 'much';

/** What is known after a frame. */
export interface FocusView {
  readonly state: FocusState;
  /** Where the subject is, in fractions of the frame; only while it is locked. */
  readonly box?: Box;
  readonly label?: string;
  /** How sure it is, 0..1, measured in this frame. */
  readonly confidence: number;
}

/**
 * Keeps a subject in focus: follows it, notices when it is gone, looks for it by what it has looked like, and takes it
 * up again. Pure: frames and what was found in them go in; the same ones give the same views.
 */
export interface FocusSession {
  readonly view: FocusView;
  /**
   * How much a detector's look at the next frame would help: much where it is in doubt or searching, little where all
   * that was seen lately spoke for the subject and nobody is near it.
   */
  readonly wantsSight: SightWish;
  /** Takes on a subject; what was followed before is forgotten. Throws `invalid-argument` for a box without an area. */
  lock(frame: FocusFrame, box: Box, label?: string): Promise<FocusView>;
  release(): FocusView;
  /** Its box in the frame that was last stepped is known better, such as by a mask: it is followed from there. */
  mend(box: Box): FocusView;
  /** The next frame. Frames must come one after another. */
  step(frame: FocusFrame): Promise<FocusView>;
}

/** After so many frames without it a subject that is searched is lost. */
const SEARCHED_FRAMES = 4;
/** The same where a detector's net has looked all over the frame. */
const SEARCHED_SIGHTS = 1;
/** So many frames in a row it must be seen to be taken up again. */
const SURE_FRAMES = 2;
/**
 * Presence is told frame by frame, as in a sequential test (Wald 1945): likeness to what it has looked like speaks for
 * it above the middle and against it below, a tracker less sure than usual speaks against it. Both in units of which
 * one is much. Middle and units are of clips with truth: nine in ten frames of a subject in sight are above .56, nine in
 * ten of a tracker left without it below .53.
 */
const MIDDLE_LIKENESS = 0.5;
const LIKENESS_UNIT = 0.06;
const USUAL_SHARE = 0.6;
const SHARE_UNIT = 0.2;
const MOST_FOR = 1;
const MOST_AGAINST = -2;
const MOST_PRESENCE = 2;
const AWAY = -1.5;
/** Looks are learned where presence is sure, from frames at least so much like what is known. */
const LEARN_LIKENESS = 0.45;
const FOUND_LIKENESS = 0.5;
const FOUND_MARGIN = 0.02;
/** Below so much presence, or where a frame says so little for it, it is in doubt. */
const DOUBTED_PRESENCE = 1.5;
const DOUBTED_EVIDENCE = 0.5;
/** So much that is seen, summed up over sights, takes it up again; one sight alone gives at most a part of it. */
const FOUND_EVIDENCE = 1.2;
const MOST_A_SIGHT = 0.7 * FOUND_EVIDENCE;
/** In evidence that it was found: which likeness and sureness say nothing, how much of each is much, and the most. */
const OWN_MIDDLE = 0.5;
const OWN_UNIT = 0.12;
const DETECTED_OWN_MIDDLE = 0.45;
const MOST_OWN_EVIDENCE = 1;
const MOST_DETECTED_OWN_EVIDENCE = 0.5;
const MOST_SURE_EVIDENCE = 0.5;
const MOST_UNSURE_EVIDENCE = -1.5;
/** How far looks that speak against it count where the tracker is sure, and how unsure it must be for all of it. */
const LEAST_TRUST = 0.4;
const UNSURE_UNIT = 0.4;
/** Boxes that were detected longer ago do not mend the tracker's. */
const FRESH_FRAMES = 2;
/** So far back what is seen may lie. */
const PAST_FRAMES = 16;
/** A detection is of the subject where they overlap by this much. */
const SAME = 0.5;
/** Detections that overlap by this much are of one thing. */
const SAME_THING = 0.85;
/** Looks are taken on, and things around it as what is not it, every so many frames. */
const LEARN_EVERY = 5;
/** A gap to where it was heading, in its mean sides, from which it swerves; what goes straight on may look so much less alike. */
const SWERVE = 0.25;
const SWERVE_LIKENESS = 0.03;
/** How much velocity follows. */
const VELOCITY_RATE = 0.12;
/** How much the usual sureness follows. */
const USUAL_RATE = 0.05;
const SIZE_RATE = 0.2;
/** What a gap of a mean side to where it was heading costs a place while it is searched, halved every so many frames. */
const GAP_COST = 0.15;
const GAP_FRAMES = 15;
/** So long it is thought to go on as it went. */
const COAST_FRAMES = 12;
/** Places that are looked at in a frame while it is searched. */
const PLACES_A_FRAME = 48;

interface Subject {
  readonly memory: AppearanceMemory;
  readonly looked: LookedSubject;
  readonly label: string | undefined;
  /** The label, and what the detector calls it beside; anything where it has none. */
  readonly kinds: Set<string> | undefined;
  /** Where it was seen last, for sure. */
  box: Box;
  /** How large it mostly is, in fractions of the frame. */
  usualSize: { width: number; height: number };
  /** How its middle moves, in fractions of the frame a frame. */
  velocity: Point;
  /** How sure the tracker mostly is. */
  usual: number;
  /** Evidence that it is in sight, summed up over frames. */
  presence: number;
  /** Whether the last frame left it in doubt. */
  isDoubted: boolean;
  missing: number;
  sure: number;
  frames: number;
  /** Where it was in the frames before, the newest last. */
  past: Box[];
  /** Where the search of the whole frame goes on. */
  scan: number;
}

export function createFocusSession(tracker: Tracker): FocusSession {
  let subject: Subject | undefined;
  let view: FocusView = { state: 'idle', confidence: 0 };

  const show = (next: FocusView): FocusView => {
    view = next;
    return view;
  };

  function locked(of: Subject, box: Box, confidence: number): FocusView {
    return show({ state: 'locked', box, confidence, ...(of.label !== undefined && { label: of.label }) });
  }

  function away(of: Subject, confidence: number): FocusView {
    const searched = of.looked.isReady ? SEARCHED_SIGHTS : SEARCHED_FRAMES;
    const state = of.missing > searched ? 'lost' : 'searching';
    return show({ state, confidence, ...(of.label !== undefined && { label: of.label }) });
  }

  return {
    get view() {
      return view;
    },
    get wantsSight() {
      if (subject === undefined) return 'usual';
      const { missing, isDoubted, presence, looked } = subject;
      if (missing > 0 || isDoubted || presence < DOUBTED_PRESENCE) return 'much';
      return presence === MOST_PRESENCE && looked.isAtEase ? 'little' : 'usual';
    },
    async lock(frame, box, label) {
      const { picture, detections = [] } = frame;
      await tracker.start(picture, box);
      const memory = createAppearanceMemory(describeBox(picture, box));
      rememberOthers(memory, picture, box, detections);
      subject = {
        memory,
        looked: createLookedSubject(),
        label,
        kinds: label === undefined ? undefined : new Set([label]),
        box,
        usualSize: { width: box.width, height: box.height },
        velocity: { x: 0, y: 0 },
        usual: 0,
        presence: MOST_PRESENCE,
        isDoubted: false,
        missing: 0,
        sure: 0,
        frames: 0,
        past: [box],
        scan: 0,
      };
      learnKinds(subject, detections, box);
      const sight = sightOf(subject, frame);
      if (sight !== undefined && (frame.seenAgo ?? 0) <= FRESH_FRAMES) subject.looked.learn(sight, box);
      return locked(subject, box, 1);
    },
    release() {
      subject = undefined;
      return show({ state: 'idle', confidence: 0 });
    },
    mend(box) {
      if (subject === undefined || view.state !== 'locked') return view;
      tracker.moveTo(box);
      subject.box = box;
      subject.past = [...subject.past.slice(0, -1), box];
      return show({ ...view, box });
    },
    async step(frame) {
      if (subject === undefined) return show({ state: 'idle', confidence: 0 });
      subject.frames++;
      if (subject.missing === 0) return follow(subject, frame);
      return subject.looked.isReady ? searchByLooks(subject, frame) : search(subject, frame);
    },
  };

  async function follow(of: Subject, frame: FocusFrame): Promise<FocusView> {
    const { picture, detections = [], seenAgo = 0 } = frame;
    const seen = await tracker.step(picture);
    if (of.usual === 0) of.usual = seen.confidence;
    const relative = Math.min(1, seen.confidence / Math.max(1e-3, of.usual));
    let { box } = seen;
    let { own } = of.memory.compare(describeBox(picture, box));
    const ahead = moveBox(of.box, of.velocity);
    if (of.presence > 0 && gapOf(box, ahead) > SWERVE) {
      // It swerves, and what goes straight on looks no worse: another who looks alike has crossed its way.
      const straight = of.memory.compare(describeBox(picture, ahead));
      if (straight.own > Math.max(FOUND_LIKENESS, own - SWERVE_LIKENESS)) {
        box = ahead;
        ({ own } = straight);
        tracker.moveTo(ahead);
      }
    }
    const evidence = evidenceOf(own, relative);
    of.isDoubted = evidence < DOUBTED_EVIDENCE;
    of.presence = Math.min(MOST_PRESENCE, of.looked.temper(of.presence, evidence));
    const sight = sightOf(of, frame);
    const then = seenAgo === 0 ? box : of.past.at(-seenAgo);
    if (sight !== undefined && then !== undefined && of.looked.isReady) {
      const verdict = of.looked.judge(sight, { ...of, box: then });
      // A tracker that is as sure as ever follows what has turned; what has left, it seldom is sure of.
      const trust = verdict.evidence > 0 ? 1 : within(LEAST_TRUST, (1 - relative) / UNSURE_UNIT, 1);
      of.presence = Math.min(MOST_PRESENCE, of.presence + trust * verdict.evidence);
      if (verdict.whole !== undefined) {
        box = moveBox(verdict.whole, wayBetween(then, box));
        tracker.moveTo(box);
      }
      if (verdict.instead !== undefined) {
        of.velocity = verdict.instead.velocity;
        box = moveBox(verdict.instead.box, of.velocity, seenAgo);
        tracker.moveTo(box);
        of.presence = Math.max(0, of.presence);
      }
    }
    if (then !== undefined && of.presence > 0) learnKinds(of, detections, then);
    const found = seenAgo > FRESH_FRAMES ? undefined : bestDetection(of, picture, detections, box);
    if (found !== undefined && (found.overlap > SAME || of.presence < 0)) {
      // A detector sees the whole subject where a tracker only follows; two alike that cross are told apart by place.
      box = found.overlap > SAME ? blendBoxes(box, found.box) : found.box;
      tracker.moveTo(box);
      if (of.looked.isTrusted) of.presence = Math.max(0, of.presence);
    }
    if (of.presence < AWAY) {
      of.missing = 1;
      // What was half hidden at last looked smaller than it is.
      of.box = resizeBox(of.box, of.usualSize);
      of.sure = 0;
      return away(of, relative * Math.max(0, own));
    }
    of.velocity = followVelocity(of, box);
    of.box = box;
    of.past = [...of.past, box].slice(-PAST_FRAMES);
    if (of.presence === MOST_PRESENCE) {
      of.usualSize.width += (box.width - of.usualSize.width) * SIZE_RATE;
      of.usualSize.height += (box.height - of.usualSize.height) * SIZE_RATE;
    }
    if (of.presence > 0) of.usual += (seen.confidence - of.usual) * USUAL_RATE;
    if (
      of.frames % LEARN_EVERY === 0 &&
      relative > USUAL_SHARE &&
      of.presence === MOST_PRESENCE &&
      own > LEARN_LIKENESS &&
      of.looked.isTrusted
    ) {
      of.memory.add(describeBox(picture, box));
      rememberOthers(of.memory, picture, box, detections);
    }
    const seenAt = seenAgo === 0 ? box : then;
    const isLearned = of.presence === MOST_PRESENCE && (of.looked.isSure || !of.looked.isReady);
    if (sight !== undefined && seenAt !== undefined && isLearned) of.looked.learn(sight, seenAt);
    return locked(of, box, relative);
  }

  /** By what the detector's net sees, in frames of which it is told; in those between, what may be it is followed. */
  async function searchByLooks(of: Subject, frame: FocusFrame): Promise<FocusView> {
    const { picture, seenAgo = 0 } = frame;
    of.missing++;
    const sight = sightOf(of, frame);
    if (sight === undefined) {
      if (of.sure > 0) of.box = (await tracker.step(picture)).box;
      return away(of, 0);
    }
    const around = of.looked.find(sight, of, of.missing);
    tracker.moveTo(around.best.box);
    const seen = await tracker.step(picture);
    const relative = Math.min(1, seen.confidence / Math.max(1e-3, of.usual));
    const { own } = of.memory.compare(describeBox(picture, seen.box));
    let evidence =
      around.evidenceAt(seenAgo === 0 ? seen.box : around.best.box) +
      within(-MOST_OWN_EVIDENCE, (own - OWN_MIDDLE) / OWN_UNIT, MOST_OWN_EVIDENCE) +
      within(MOST_UNSURE_EVIDENCE, (relative - USUAL_SHARE) / SHARE_UNIT, MOST_SURE_EVIDENCE);
    let { box } = seen;
    if (around.detection !== undefined) {
      const alike = of.memory.compare(describeBox(picture, around.detection.box)).own;
      const most = MOST_DETECTED_OWN_EVIDENCE;
      const detected = around.detection.evidence + within(-most, (alike - DETECTED_OWN_MIDDLE) / OWN_UNIT, most);
      if (detected > evidence) {
        evidence = detected;
        tracker.moveTo(around.detection.box);
        box = seenAgo === 0 ? around.detection.box : (await tracker.step(picture)).box;
      }
    }
    of.sure = evidence > 0 ? of.sure + Math.min(MOST_A_SIGHT, evidence) : 0;
    if (of.sure > 0) of.box = box;
    if (of.sure < FOUND_EVIDENCE) return away(of, relative * within(0, around.best.likeness, 1));
    of.looked.take();
    return takeUp(of, box, relative);
  }

  function takeUp(of: Subject, box: Box, confidence: number): FocusView {
    of.missing = 0;
    of.presence = 0;
    of.velocity = { x: 0, y: 0 };
    of.past = [box];
    return locked(of, box, confidence);
  }

  async function search(of: Subject, frame: FocusFrame): Promise<FocusView> {
    const { picture, detections = [] } = frame;
    of.missing++;
    const place = of.sure > 0 ? of.box : likeliestPlace(of, picture, detections);
    if (of.sure === 0) tracker.moveTo(place);
    const seen = await tracker.step(picture);
    const relative = Math.min(1, seen.confidence / Math.max(1e-3, of.usual));
    const { own, margin } = of.memory.compare(describeBox(picture, seen.box));
    if (relative > USUAL_SHARE && own > FOUND_LIKENESS && margin > FOUND_MARGIN) {
      of.sure++;
      of.box = seen.box;
      if (of.sure < SURE_FRAMES) return away(of, relative * own);
      return takeUp(of, seen.box, relative);
    }
    of.sure = 0;
    return away(of, relative * Math.max(0, own));
  }
}

/** What a frame says of whether the subject is in sight. */
function evidenceOf(own: number, relative: number): number {
  const likeness = (own - MIDDLE_LIKENESS) / LIKENESS_UNIT;
  const sureness = Math.min(0, (relative - USUAL_SHARE) / SHARE_UNIT);
  return Math.max(MOST_AGAINST, Math.min(MOST_FOR, likeness + sureness));
}

/** The detection that is the subject by what it looks like and where it is. */
function bestDetection(
  of: Subject,
  picture: Picture,
  detections: readonly FocusDetection[],
  near: Box,
): { readonly box: Box; readonly overlap: number } | undefined {
  let best: { readonly box: Box; readonly overlap: number; readonly rank: number } | undefined;
  for (const { box, label } of detections) {
    if (!isOfKind(of, label)) continue;
    const overlap = boxIou(box, near);
    const { own, margin } = of.memory.compare(describeBox(picture, box));
    // The net's looks have told already whether it is elsewhere.
    const isAlike = !of.looked.isReady && own > FOUND_LIKENESS && margin > FOUND_MARGIN;
    if (overlap <= SAME && !isAlike) continue;
    const rank = own + overlap;
    if (best === undefined || rank > best.rank) best = { box, overlap, rank };
  }
  return best;
}

/** Where in the frame something looks most like the subject: what a detector found, or one of some places in turn. */
function likeliestPlace(of: Subject, picture: Picture, detections: readonly FocusDetection[]): Box {
  let best = of.box;
  const frames = Math.min(of.missing, COAST_FRAMES);
  const ahead = moveBox(of.box, { x: of.velocity.x * frames, y: of.velocity.y * frames });
  let most = Number.NEGATIVE_INFINITY;
  const consider = (box: Box): void => {
    const { own, margin } = of.memory.compare(describeBox(picture, box));
    // Where it was heading, for as long as it can be near there.
    const rank = own + margin - GAP_COST * Math.min(2, gapOf(box, ahead)) * 0.5 ** (of.missing / GAP_FRAMES);
    if (rank <= most) return;
    most = rank;
    best = box;
  };
  consider(ahead);
  consider(of.box);
  for (const { box, label } of detections) if (isOfKind(of, label)) consider(box);
  const { width, height } = of.box;
  const columns = Math.max(1, Math.round(2 / width));
  const rows = Math.max(1, Math.round(2 / height));
  const places = columns * rows;
  for (let i = 0; i < Math.min(places, PLACES_A_FRAME); i++) {
    // A stride that visits all places and never two neighbours in a row.
    const place = (of.scan++ * strideFor(places)) % places;
    const x = ((place % columns) + 0.5) / columns - width / 2;
    const y = (Math.floor(place / columns) + 0.5) / rows - height / 2;
    consider({ x, y, width, height });
  }
  return best;
}

/** A step that has no divisor in common with the count. */
function strideFor(count: number): number {
  let stride = Math.max(1, Math.round(count * 0.38));
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  while (divisor(stride, count) !== 1) stride++;
  return stride;
}

/** Detectors call a thing by several names at once, and one day by another of them alone: a truck is a car, too. */
function learnKinds({ label, kinds }: Subject, detections: readonly FocusDetection[], box: Box): void {
  if (kinds === undefined) return;
  const own = detections.filter((each) => each.label === label && boxIou(each.box, box) > SAME);
  for (const each of detections) if (own.some((one) => boxIou(one.box, each.box) > SAME_THING)) kinds.add(each.label);
}

function isOfKind({ kinds }: Subject, label: string): boolean {
  return kinds === undefined || kinds.has(label);
}

/** What is around the subject, and other things that were found, are not it. */
function rememberOthers(
  memory: AppearanceMemory,
  picture: Picture,
  box: Box,
  detections: readonly FocusDetection[],
): void {
  for (const [dx, dy] of [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ] as const) {
    const beside = { ...box, x: box.x + dx * box.width * 1.1, y: box.y + dy * box.height * 1.1 };
    const isSeen = beside.x > -box.width / 2 && beside.x < 1 - box.width / 2 && beside.y > -box.height / 2;
    if (isSeen && beside.y < 1 - box.height / 2) memory.addOther(describeBox(picture, beside));
  }
  for (const other of detections) if (boxIou(other.box, box) < 0.2) memory.addOther(describeBox(picture, other.box));
}

function describeBox(picture: Picture, box: Box) {
  if (!(box.width > 0 && box.height > 0)) {
    throw new FocalError('invalid-argument', `Expected a box with an area, got ${box.width} × ${box.height}.`);
  }
  return describeAppearance(picture, toTarget(box, picture));
}

/** From middle to middle. */
function wayBetween(from: Box, to: Box): Point {
  return { x: to.x + (to.width - from.width) / 2 - from.x, y: to.y + (to.height - from.height) / 2 - from.y };
}

function followVelocity({ box: before, velocity }: Subject, box: Box): Point {
  const { x, y } = wayBetween(before, box);
  return {
    x: velocity.x + (x - velocity.x) * VELOCITY_RATE,
    y: velocity.y + (y - velocity.y) * VELOCITY_RATE,
  };
}

/** What was seen, as far as the net's looks are known; of other kinds than the subject's nothing. */
function sightOf(of: Subject, { features, detections = [], seenAgo = 0 }: FocusFrame): Sight | undefined {
  if (features === undefined || seenAgo > PAST_FRAMES) return undefined;
  return {
    features,
    detections: detections.filter((each) => isOfKind(of, each.label)),
    frame: of.frames - seenAgo,
  };
}

function within(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
