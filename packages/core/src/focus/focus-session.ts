import { FocalError } from '../errors.ts';
import type { Picture } from '../picture/picture.ts';
import { type Box, boxIou, type Point } from '../scene/geometry.ts';
import { describeAppearance } from './appearance.ts';
import { type AppearanceMemory, createAppearanceMemory } from './appearance-memory.ts';
import { toTarget } from './target.ts';
import type { Tracker } from './tracker.ts';

/** `searching`: just lost sight of, looked for; `lost`: looked for without end, and not shown as there. */
export type FocusState = 'idle' | 'locked' | 'searching' | 'lost';

/** What a detector found in a frame. */
export interface FocusDetection {
  readonly box: Box;
  readonly label: string;
}

export interface FocusFrame {
  readonly picture: Picture;
  /** Of this very frame, where the detector has run on it. */
  readonly detections?: readonly FocusDetection[];
}

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
  /** Takes on a subject; what was followed before is forgotten. Throws `invalid-argument` for a box without an area. */
  lock(frame: FocusFrame, box: Box, label?: string): Promise<FocusView>;
  release(): FocusView;
  /** The next frame. Frames must come one after another. */
  step(frame: FocusFrame): Promise<FocusView>;
}

/** After so many frames without it a subject that is searched is lost. */
const SEARCHED_FRAMES = 4;
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
/** A detection is of the subject where they overlap by this much. */
const SAME = 0.5;
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
  readonly label: string | undefined;
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
  missing: number;
  sure: number;
  frames: number;
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
    const state = of.missing > SEARCHED_FRAMES ? 'lost' : 'searching';
    return show({ state, confidence, ...(of.label !== undefined && { label: of.label }) });
  }

  return {
    get view() {
      return view;
    },
    async lock({ picture, detections = [] }, box, label) {
      await tracker.start(picture, box);
      const memory = createAppearanceMemory(describeBox(picture, box));
      rememberOthers(memory, picture, box, detections);
      subject = {
        memory,
        label,
        box,
        usualSize: { width: box.width, height: box.height },
        velocity: { x: 0, y: 0 },
        usual: 0,
        presence: MOST_PRESENCE,
        missing: 0,
        sure: 0,
        frames: 0,
        scan: 0,
      };
      return locked(subject, box, 1);
    },
    release() {
      subject = undefined;
      return show({ state: 'idle', confidence: 0 });
    },
    async step(frame) {
      if (subject === undefined) return show({ state: 'idle', confidence: 0 });
      return subject.missing > 0 ? search(subject, frame) : follow(subject, frame);
    },
  };

  async function follow(of: Subject, { picture, detections = [] }: FocusFrame): Promise<FocusView> {
    of.frames++;
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
    of.presence = Math.min(MOST_PRESENCE, of.presence + evidenceOf(own, relative));
    const found = bestDetection(of, picture, detections, box);
    if (found !== undefined && (found.overlap > SAME || of.presence < 0)) {
      // A detector sees the whole subject where a tracker only follows; two alike that cross are told apart by place.
      box = found.overlap > SAME ? blend(box, found.box) : found.box;
      tracker.moveTo(box);
      of.presence = Math.max(0, of.presence);
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
    if (of.presence === MOST_PRESENCE) {
      of.usualSize.width += (box.width - of.usualSize.width) * SIZE_RATE;
      of.usualSize.height += (box.height - of.usualSize.height) * SIZE_RATE;
    }
    if (of.presence > 0) of.usual += (seen.confidence - of.usual) * USUAL_RATE;
    if (
      of.frames % LEARN_EVERY === 0 &&
      relative > USUAL_SHARE &&
      of.presence === MOST_PRESENCE &&
      own > LEARN_LIKENESS
    ) {
      of.memory.add(describeBox(picture, box));
      rememberOthers(of.memory, picture, box, detections);
    }
    return locked(of, box, relative);
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
      of.missing = 0;
      of.presence = 0;
      of.velocity = { x: 0, y: 0 };
      return locked(of, seen.box, relative);
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
    if (of.label !== undefined && label !== of.label) continue;
    const overlap = boxIou(box, near);
    const { own, margin } = of.memory.compare(describeBox(picture, box));
    const isAlike = own > FOUND_LIKENESS && margin > FOUND_MARGIN;
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
  for (const { box, label } of detections) if (of.label === undefined || label === of.label) consider(box);
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

function resizeBox({ x, y, width, height }: Box, size: { readonly width: number; readonly height: number }): Box {
  return { x: x + (width - size.width) / 2, y: y + (height - size.height) / 2, ...size };
}

function moveBox(box: Box, by: Point): Box {
  return { ...box, x: box.x + by.x, y: box.y + by.y };
}

/** How far apart two boxes' middles are, in mean sides of the first. */
function gapOf(a: Box, b: Box): number {
  const x = a.x + a.width / 2 - b.x - b.width / 2;
  const y = a.y + a.height / 2 - b.y - b.height / 2;
  return Math.hypot(x, y) / Math.sqrt(a.width * a.height);
}

function followVelocity({ box: before, velocity }: Subject, box: Box): Point {
  const x = box.x + box.width / 2 - before.x - before.width / 2;
  const y = box.y + box.height / 2 - before.y - before.height / 2;
  return {
    x: velocity.x + (x - velocity.x) * VELOCITY_RATE,
    y: velocity.y + (y - velocity.y) * VELOCITY_RATE,
  };
}

/** Half way from one box to another. */
function blend(a: Box, b: Box): Box {
  const middle = (one: number, other: number) => (one + other) / 2;
  return {
    x: middle(a.x, b.x),
    y: middle(a.y, b.y),
    width: middle(a.width, b.width),
    height: middle(a.height, b.height),
  };
}
