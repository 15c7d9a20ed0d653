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
  type MaskEvidence,
  type Matte,
  type Picture,
  pickSubject,
  resizePicture,
} from '@focal/core';
import type { MemoryProfile, ModelStore, Runtime } from '../ports.ts';
import { createSessions } from '../sessions.ts';
import { seeFrame } from '../tasks/objects.ts';
import { createCanvas } from '../tasks/people/looks.ts';
import { createNanotrack } from '../tasks/track/nanotrack.ts';
import type { FollowedFrame, Follower, FollowerOptions, FollowQuality } from './follower.ts';
import { lookAtFollowed } from './person-evidence.ts';
import { createPersonSchedule } from './person-schedule.ts';
import { createSightSchedule } from './sight-schedule.ts';
import { chooseKey, lookAtWhole } from './whole-evidence.ts';

interface Effort {
  /** The detector looks at every so many frames, models of people at the followed one, and IS-Net. */
  readonly detectEvery: number;
  readonly personEvery: number;
  /** Models of people where they saw what had been carried there. Default: no more seldom. */
  readonly calmEvery?: number;
  readonly wholeEvery?: number;
  readonly pose: 'pose-lite' | 'pose-full';
}

const EFFORTS: Readonly<Record<FollowQuality, Effort>> = {
  fast: { detectEvery: 30, personEvery: 4, pose: 'pose-lite' },
  balanced: { detectEvery: 15, personEvery: 2, calmEvery: 3, pose: 'pose-lite' },
  quality: { detectEvery: 8, personEvery: 1, pose: 'pose-lite' },
  offline: { detectEvery: 8, personEvery: 1, wholeEvery: 5, pose: 'pose-full' },
};
const TRACKER = 'nanotrack-v2';
const DETECTOR = 'centernet';
const WHOLE = 'isnet-medium';
/** The detector's answer speaks of frames this near; while the subject is searched, of older ones too. */
const FRESH_FRAMES = 2;
const SEARCH_FRAMES = 10;
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
}

/**
 * A {@link Follower} with the models of a store: NanoTrack where it was downloaded, else the correlation tracker.
 * Models are loaded when they are first needed. Throws `model-missing`, `model-invalid`.
 */
export async function createFollower(options: CreateFollowerOptions): Promise<Follower> {
  const { quality = 'balanced', store, runtime, profile, detect } = options;
  const effort = EFFORTS[quality];
  const schedule = createSightSchedule(options.detectEvery ?? effort.detectEvery);
  const people = createPersonSchedule({
    every: effort.personEvery,
    calmEvery: effort.calmEvery ?? effort.personEvery,
  });
  const sessions = createSessions({ runtime, store, ...(profile !== undefined && { profile }) });
  const net = await sessions.find(TRACKER);
  const session = createFocusSession(net === undefined ? createCorrelationTracker() : createNanotrack(net));

  const cache = createThreadCache();
  const canvas = createCanvas();

  let size: { readonly width: number; readonly height: number } | undefined;
  let mask: { readonly carrier: ReturnType<typeof createMaskCarrier>; matte: Matte; key?: Grid } | undefined;
  let found: { readonly sight: FocusSight; readonly frame: number; isTold: boolean } | undefined;
  let isDetecting = false;
  let frames = 0;
  /** Of the subject: frames since its mask was begun. */
  let carried = 0;
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
    return seeFrame(await sessions.get(DETECTOR), frame, { cache });
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
    const { matte, key } = (view.state === 'locked' ? mask : undefined) ?? {};
    return { view, detections, timings, ...(matte !== undefined && { matte }), ...(key !== undefined && { key }) };
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
    const { evidence, whole } = await timed('mask', () => lookAround(frame, box, label));
    const given = first === undefined ? evidence : undefined;
    const begun = await timed('mask', async () =>
      carrier.start(frame, box, {
        ...(first !== undefined && { first }),
        ...(given !== undefined && { evidence: given }),
      }),
    );
    if (first === undefined) carried++;
    const matte = first === undefined ? await timed('mask', async () => carrier.step(frame, box, evidence)) : begun;
    mask = { carrier, matte, ...(whole !== undefined && { key: chooseKey(whole, matte, box) }) };
  }

  async function carryMask(frame: Picture, box: Box, label: string | undefined): Promise<void> {
    if (mask === undefined) return beginMask(frame, box, label);
    const { carrier } = mask;
    const { evidence, whole } = await timed('mask', () => lookAround(frame, box, label));
    carried++;
    const matte = await timed('mask', async () => carrier.step(frame, box, evidence));
    mask = { carrier, matte, ...(whole !== undefined && { key: chooseKey(whole, matte, box) }) };
  }

  /** What models say of this frame, and what stands out in it if it is a key frame. */
  async function lookAround(
    frame: Picture,
    box: Box,
    label: string | undefined,
  ): Promise<{ readonly evidence?: MaskEvidence; readonly whole?: MaskEvidence }> {
    const net = effort.wholeEvery === undefined ? undefined : await sessions.find(WHOLE);
    const isKey = net !== undefined && carried % (effort.wholeEvery ?? 1) === 0;
    const whole = isKey ? await lookAtWhole(net, frame, box) : undefined;
    const evidence = label === 'person' ? await lookAtPerson(frame, box) : whole;
    return { ...(evidence !== undefined && { evidence }), ...(whole !== undefined && { whole }) };
  }

  async function lookAtPerson(frame: Picture, box: Box): Promise<MaskEvidence | undefined> {
    if (!people.isDue()) return undefined;
    const pair = { pose: await sessions.get(effort.pose), selfie: await sessions.get('selfie') };
    const evidence = await lookAtFollowed(pair, frame, box, { cache, canvas });
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
      const { matte, box } = picked.matte;
      const values = Float32Array.from(matte.data, (value) => value / 255);
      return takeOn(frame, picked.box, undefined, { area: box, width: matte.width, height: matte.height, values });
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
        await carryMask(frame, view.box, view.label);
      }
      return show(view);
    },
    close: () => sessions.close(),
  };
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
