import {
  type Box,
  boxArea,
  clampBox,
  createCorrelationTracker,
  createFocusSession,
  createMaskCarrier,
  createThreadCache,
  type FocusDetection,
  type FocusSight,
  type FocusView,
  fitSize,
  type Grid,
  isInBox,
  type MaskCarrier,
  type MaskEvidence,
  type Matte,
  type Picture,
  pickSubject,
  resizeBox,
  resizePicture,
  toGrid,
} from '@focal/core';
import type { MemoryProfile, ModelStore, Runtime } from '../ports.ts';
import { createSessions } from '../sessions.ts';
import { seeFrame } from '../tasks/objects.ts';
import { createCanvas } from '../tasks/people/looks.ts';
import { createNanotrack } from '../tasks/track/nanotrack.ts';
import { chooseKey, claimWhole, mendBox, type OwnShares } from './claim-whole.ts';
import type { FollowedFrame, Follower, FollowerOptions, FollowQuality } from './follower.ts';
import { lookAtFollowed, type PersonView, type PoseSight, seePose, viewPerson } from './person-evidence.ts';
import { createPersonSchedule } from './person-schedule.ts';
import { createPoseSights } from './pose-sights.ts';
import { createSightSchedule } from './sight-schedule.ts';
import { lookAtWhole } from './whole-evidence.ts';

interface Effort {
  /** The detector looks at every so many frames, models of people at the followed one, and IS-Net. */
  readonly detectEvery: number;
  /** So many times as seldom where the session can do without. Default 1. */
  readonly detectRest?: number;
  readonly personEvery: number;
  /** Models of people where they saw what had been carried there. Default: no more seldom. */
  readonly calmEvery?: number;
  readonly wholeEvery?: number;
  readonly pose: 'pose-lite' | 'pose-full';
  /**
   * Long side of the picture in which motion helps to carry masks of people, and of things. Absent: it does not; where
   * models look at whole subjects it adds nothing.
   */
  readonly motionSide?: { readonly person?: number; readonly thing: number };
}

const EFFORTS: Readonly<Record<FollowQuality, Effort>> = {
  fast: { detectEvery: 30, detectRest: 2, personEvery: 4, pose: 'pose-lite', motionSide: { thing: 64 } },
  balanced: {
    detectEvery: 15,
    detectRest: 2,
    personEvery: 2,
    calmEvery: 3,
    pose: 'pose-lite',
    motionSide: { thing: 64 },
  },
  quality: { detectEvery: 8, personEvery: 1, pose: 'pose-lite', motionSide: { person: 112, thing: 112 } },
  offline: { detectEvery: 8, personEvery: 1, wholeEvery: 5, pose: 'pose-full' },
};
const TRACKER = 'nanotrack-v2';
const WHOLE = 'isnet-medium';
/** The detector's answer speaks of frames this near; while the subject is searched, of older ones too. */
const FRESH_FRAMES = 2;
const SEARCH_FRAMES = 10;
/** What is left, a frame later, of the room that is kept for a subject whose box has shrunk: it may hold a part only. */
const REACH_FADES = 0.98;
/** Long side of the frame in which a subject is picked. */
const PICK_SIDE = 640;
/** What a click means lies at most so far outside of a box, as a share of the frame. */
const NEAR = 0.01;

export interface CreateFollowerOptions extends FollowerOptions {
  /** Stays the caller's. */
  readonly runtime: Runtime;
  readonly store: ModelStore;
  readonly profile?: MemoryProfile;
  /**
   * Where to look for things and people instead of in the step itself, such as on another thread: steps do not wait
   * for it, and take what it found when it is there.
   */
  readonly detect?: (frame: Picture) => Promise<FocusSight>;
  /** The same for the pose of a followed person, as `seePose` tells it. */
  readonly seePose?: (frame: Picture, box: Box) => Promise<PoseSight>;
  /** Whether frames come faster than they are answered: models of people then look at fewer of them. */
  readonly isBehind?: () => boolean;
  /** Takes what only the next step needs, as {@link createCorrelationTracker} tells it. Default: it is done in the step. */
  readonly defer?: (lesson: () => void) => void;
}

/** The subject's mask in the last frame, and its box there. */
interface CarriedMask {
  readonly carrier: MaskCarrier;
  readonly box: Box;
  readonly matte: Matte;
  readonly key?: Grid;
  readonly isLookedAt: boolean;
}

/** What models say of a frame. */
interface Looks {
  readonly evidence?: MaskEvidence;
  /** Of a key frame. */
  readonly whole?: OwnShares;
  readonly isLookedAt: boolean;
}

/**
 * A {@link Follower} with the models of a store: NanoTrack where it was downloaded, else the correlation tracker.
 * Models are loaded when they are first needed. Throws `model-missing`, `model-invalid`.
 */
export async function createFollower(options: CreateFollowerOptions): Promise<Follower> {
  const { quality = 'balanced', store, runtime, profile, detect } = options;
  const effort = EFFORTS[quality];
  const schedule = createSightSchedule(options.detectEvery ?? effort.detectEvery, effort.detectRest);
  const people = createPersonSchedule({
    every: effort.personEvery,
    calmEvery: effort.calmEvery ?? effort.personEvery,
  });
  const poses = createPoseSights({ look: seePoseOf, isAside: options.seePose !== undefined });
  const sessions = createSessions({ runtime, store, ...(profile !== undefined && { profile }) });
  const net = await sessions.find(TRACKER);
  const session = createFocusSession(
    net === undefined ? createCorrelationTracker({ defer: options.defer }) : createNanotrack(net),
  );

  const cache = createThreadCache();
  const canvas = createCanvas();

  let size: { readonly width: number; readonly height: number } | undefined;
  let mask: CarriedMask | undefined;
  let found: { readonly sight: FocusSight; readonly frame: number; isTold: boolean } | undefined;
  let isDetecting = false;
  let frames = 0;
  /** Of the subject: frames since its mask was begun. */
  let carried = 0;
  /** How large it was lately, in fractions of the frame. */
  let reach = { width: 0, height: 0 };
  let timings: Partial<Record<'detect' | 'track' | 'mask', number>> = {};

  async function timed<T>(name: keyof typeof timings, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    timings[name] = (timings[name] ?? 0) + performance.now() - start;
    return result;
  }

  function keep(sight: FocusSight, frame: number): void {
    found = { sight, frame, isTold: false };
  }

  /** What the detector sees in this frame; waits for it. */
  async function look(frame: Picture): Promise<readonly FocusDetection[]> {
    const at = frames;
    schedule.looked(at);
    const sight = await timed('detect', () => (detect ?? detectHere)(frame));
    keep(sight, at);
    return sight.detections;
  }

  async function detectHere(frame: Picture): Promise<FocusSight> {
    const { session: detector, isAnySize } = await sessions.getFrameDetector();
    return seeFrame(detector, frame, { cache, isAnySize });
  }

  async function lookNowAndThen(frame: Picture): Promise<void> {
    if (isDetecting || !schedule.isDue(frames, session.wantsSight)) return;
    if (detect === undefined) {
      await look(frame);
      return;
    }
    isDetecting = true;
    const at = frames;
    schedule.looked(at);
    detect(frame).then(
      (sight) => {
        isDetecting = false;
        keep(sight, at);
      },
      // What went wrong there is told there; here nothing was seen.
      () => {
        isDetecting = false;
        keep({ detections: [] }, at);
      },
    );
  }

  /** What was seen that still holds for this frame; what the net made of it is told once, however late it comes. */
  function currentSight(state: FocusView['state']): Partial<FocusSight> & { readonly seenAgo?: number } {
    if (found === undefined) return {};
    const { sight, isTold } = found;
    const seenAgo = frames - found.frame;
    found.isTold = true;
    // By looks, what was detected long ago is judged already.
    if (sight.features !== undefined) return isTold ? {} : { ...sight, seenAgo };
    if (seenAgo > (state === 'locked' ? FRESH_FRAMES : SEARCH_FRAMES)) return {};
    return { detections: sight.detections, seenAgo };
  }

  function show(view: FocusView): FollowedFrame {
    const detections = found?.sight.detections ?? [];
    if (view.state !== 'locked' || mask === undefined) return { view, detections, timings };
    const { matte, key, isLookedAt } = mask;
    return { view, detections, timings, matte, isLookedAt, ...(key !== undefined && { key }) };
  }

  async function takeOn(frame: Picture, box: Box, label: string | undefined, first?: Grid): Promise<FollowedFrame> {
    size = { width: frame.width, height: frame.height };
    const sight = currentSight('locked');
    const view = await timed('track', () => session.lock({ picture: frame, ...sight }, box, label));
    await beginMask(frame, box, label, first);
    return show(view);
  }

  async function beginMask(frame: Picture, box: Box, label: string | undefined, first?: Grid): Promise<void> {
    const carrier = createMaskCarrier();
    carried = 0;
    people.restart();
    poses.restart();
    reach = { width: 0, height: 0 };
    const start = (evidence?: MaskEvidence): Promise<Matte> =>
      timed('mask', async () =>
        carrier.start(frame, box, {
          ...(first !== undefined && { first }),
          ...(evidence !== undefined && { evidence }),
        }),
      );
    // What stands out is judged by a mask that is begun without it.
    const cut = first !== undefined || effort.wholeEvery !== undefined ? await start() : undefined;
    const looks = await timed('mask', () => lookAround(frame, box, label, cut && { matte: cut, box }));
    if (first !== undefined && cut !== undefined) {
      // What they saw here is not taken: they look again at once.
      people.restart();
      mask = maskOf(carrier, box, cut, { ...looks, isLookedAt: false });
      return;
    }
    if (cut === undefined || looks.evidence !== undefined) await start(looks.evidence);
    carried++;
    const matte = await timed('mask', async () => carrier.step(frame, box, looks.evidence));
    mask = maskOf(carrier, box, matte, looks);
  }

  /** Gives the subject's box where it is known better by now. */
  async function carryMask(frame: Picture, box: Box, label: string | undefined): Promise<Box | undefined> {
    if (mask === undefined) {
      await beginMask(frame, box, label);
      return undefined;
    }
    const { carrier, ...before } = mask;
    const looks = await timed('mask', () => lookAround(frame, box, label, before));
    carried++;
    const motionSide = effort.motionSide?.[label === 'person' ? 'person' : 'thing'];
    const matte = await timed('mask', async () => carrier.step(frame, box, looks.evidence, motionSide));
    mask = maskOf(carrier, box, matte, looks);
    return looks.whole && mendBox(looks.whole, box);
  }

  /** What models say of this frame and, in a key frame, what of it stands out, judged by the mask before. */
  async function lookAround(
    frame: Picture,
    box: Box,
    label: string | undefined,
    before: { readonly matte: Matte; readonly box: Box } | undefined,
  ): Promise<Looks> {
    reach = {
      width: Math.max(box.width, reach.width * REACH_FADES),
      height: Math.max(box.height, reach.height * REACH_FADES),
    };
    const net = effort.wholeEvery === undefined ? undefined : await sessions.find(WHOLE);
    const isKey = net !== undefined && before !== undefined && carried % (effort.wholeEvery ?? 1) === 0;
    const seen = isKey ? await lookAtWhole(net, frame, resizeBox(box, reach)) : undefined;
    const whole = seen && before && claimWhole(seen, box, before);
    const person = label === 'person' ? await lookAtPerson(frame, box) : undefined;
    const claimed = whole && seen && { shares: whole.shares, weight: seen.weight * whole.belief };
    const evidence = label === 'person' ? person : claimed;
    return {
      isLookedAt: person !== undefined,
      ...(evidence !== undefined && { evidence }),
      ...(whole !== undefined && { whole }),
    };
  }

  async function seePoseOf(view: PersonView): Promise<PoseSight> {
    const { seePose: seeAside } = options;
    if (seeAside !== undefined) return seeAside(view.frame, view.box);
    return seePose(await sessions.get(effort.pose), view, { canvas });
  }

  async function lookAtPerson(frame: Picture, box: Box): Promise<MaskEvidence | undefined> {
    if (!people.isDue(options.isBehind?.())) return undefined;
    const view = viewPerson(frame, box, cache);
    const pose = await poses.next(view);
    const evidence = await lookAtFollowed(await sessions.get('selfie'), view, pose, { canvas });
    people.looked(evidence.shares, mask?.matte);
    return evidence;
  }

  return {
    tracker: net === undefined ? 'correlation' : 'nanotrack',
    async lockAt(frame, point, { pick = false } = {}) {
      timings = {};
      frames++;
      const detections = await look(frame);
      const known = smallestAt(detections, point);
      if (known !== undefined) return takeOn(frame, known.box, known.label);
      if (!pick) return undefined;
      const picked = pickSubject(reduce(frame), {}, point);
      if (picked === undefined) return undefined;
      return takeOn(frame, picked.box, undefined, toGrid(picked.matte.matte, picked.matte.box));
    },
    async lock(frame, box, label) {
      timings = {};
      frames++;
      return takeOn(frame, box, label);
    },
    release() {
      session.release();
      mask = undefined;
    },
    setDetectEvery(every) {
      schedule.setEvery(every);
    },
    async step(frame) {
      timings = {};
      frames++;
      if (size !== undefined && (size.width !== frame.width || size.height !== frame.height)) {
        session.release();
        mask = undefined;
        found = undefined;
        schedule.restart();
      }
      size = { width: frame.width, height: frame.height };
      await lookNowAndThen(frame);
      if (session.view.state === 'idle') return show(session.view);
      const before = session.view.state;
      const sight = currentSight(before);
      const view = await timed('track', () => session.step({ picture: frame, ...sight }));
      if (view.state === 'locked' && view.box !== undefined) {
        if (before !== 'locked') mask = undefined;
        const mended = await carryMask(frame, view.box, view.label);
        if (mended !== undefined) return show(session.mend(mended));
      }
      return show(view);
    },
    close: () => sessions.close(),
  };
}

function maskOf(carrier: MaskCarrier, box: Box, matte: Matte, { whole, isLookedAt }: Looks): CarriedMask {
  return { carrier, box, matte, isLookedAt, ...(whole !== undefined && { key: chooseKey(whole, matte) }) };
}

/** The smallest that holds the point, or nearly. */
function smallestAt(
  detections: readonly FocusDetection[],
  point: { readonly x: number; readonly y: number },
): FocusDetection | undefined {
  return detections
    .filter(({ box: { x, y, width, height } }) =>
      isInBox(point, { x: x - NEAR, y: y - NEAR, width: width + 2 * NEAR, height: height + 2 * NEAR }),
    )
    .sort((a, b) => boxArea(clampBox(a.box)) - boxArea(clampBox(b.box)))[0];
}

function reduce(frame: Picture): Picture {
  if (Math.max(frame.width, frame.height) <= PICK_SIDE) return frame;
  const { width, height } = fitSize(frame, PICK_SIDE);
  return resizePicture(frame, width, height);
}
