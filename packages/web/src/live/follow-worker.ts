import {
  type Box,
  createPicture,
  createSteadyMatte,
  type FocusDetection,
  type FocusSight,
  type Matte,
  type Picture,
  type Point,
} from '@focal/core';
import { createFollower, type FollowedFrame, type Follower, type PoseSight, runPersonMatteOnce } from '@focal/models';
import { listKeptModels } from '../inference/fetch-model-store.ts';
import { createWorkerClient } from '../worker/client.ts';
import { createTurns } from '../worker/in-turn.ts';
import { type CallContext, type Port, Transferred } from '../worker/messages.ts';
import { serveWorker } from '../worker/serve.ts';
import { detectFigures, mirrorBox } from './demo/demo-scene.ts';
import type { DetectHandlers } from './detect-worker.ts';
import { createFrameReader } from './frame-reader.ts';
import { createHiding } from './hide.ts';
import { createLater } from './later.ts';
import {
  createLiveModels,
  fetchModel,
  findTracker,
  type LiveModelOptions,
  listLiveModels,
  TRACKER,
} from './live-models.ts';
import { createPace } from './pace.ts';
import type {
  FollowSettings,
  HideSettings,
  LiveFollowed,
  LiveFrame,
  LiveHidden,
  LiveLoading,
  LiveShape,
} from './types.ts';

export interface FollowWorkerOptions extends LiveModelOptions {
  /** Starts the worker that calls `serveDetect`. */
  readonly startDetector: () => Worker;
}

export interface FollowRequest {
  /** Taken over. */
  readonly frame: LiveFrame;
  readonly shape: LiveShape;
  readonly settings: FollowSettings;
  /** When it was sent here, in milliseconds since 1970. */
  readonly sentMs: number;
}

export interface LockRequest {
  readonly point: Point;
  /** Whether also what the detector does not know is taken. */
  readonly pick: boolean;
  /** What was lit there: it may have moved on since it was looked for. */
  readonly lit?: FocusDetection | undefined;
}

/** What was followed last, for what comes between two frames. */
interface Last {
  readonly picture: Picture;
  readonly frame: LiveFrame;
  readonly isMirrored: boolean;
}

const IDLE = { state: 'idle', confidence: 0 } as const;
const NOBODY: FollowedFrame = { view: IDLE, detections: [], timings: {} };
const PERSON = 'person';
/** Between two looks while nothing is followed. */
const REST_MS = 120;
/** A subject has moved at most by so many of its sides since it was lit. */
const MOST_MOVED = 1.2;

/** Slow at both ends, from a quarter to three quarters. */
const DECIDED = Uint8Array.from({ length: 256 }, (_, value) => {
  const share = Math.min(1, Math.max(0, (value / 255 - 0.25) * 2));
  return Math.round(255 * share * share * (3 - 2 * share));
});

/** The methods of the worker that follows subjects. Calls are served one after another. */
export function createFollowHandlers(options: FollowWorkerOptions) {
  const reader = createFrameReader();
  const steady = createSteadyMatte();
  let onDownload: ((modelId: string, loaded: number) => void) | undefined;
  const models = createLiveModels(options, (modelId, loaded) => onDownload?.(modelId, loaded));
  let detector: ReturnType<typeof createWorkerClient<DetectHandlers>> | undefined;
  let follower: { readonly of: Follower; readonly key: string } | undefined;
  let last: Last | undefined;
  let view: FollowedFrame['view'] = IDLE;
  let seen: readonly FocusDetection[] = [];
  let isLooking = false;
  let lookedMs = Number.NEGATIVE_INFINITY;
  const later = createLater();
  const pace = createPace();
  /** A follower's frames come one after another. */
  const inTurn = createTurns();

  const ask = (picture: Picture) => {
    const data = new Uint8Array(picture.data);
    return { args: { picture: { ...picture, data } }, transfer: [data.buffer as ArrayBuffer] };
  };

  const look = (picture: Picture): Promise<FocusSight> => {
    const { args, transfer } = ask(picture);
    return getDetector().call('detect', args, { transfer });
  };

  /** The demo knows its figures; in other pictures the models look, once they are there. */
  const detect = async (picture: Picture): Promise<FocusSight> => {
    if (last?.frame.kind === 'drawn') return { detections: detectFigures(last.frame.timeMs, last.isMirrored) };
    if (!models.areAgreed) return { detections: [] };
    return look(picture);
  };

  /** A slow model: frames go on meanwhile. */
  const seePose = (picture: Picture, box: Box): Promise<PoseSight> => {
    const { args, transfer } = ask(picture);
    return getDetector().call('pose', { ...args, box }, { transfer });
  };

  const getDetector = () => {
    detector ??= createWorkerClient<DetectHandlers>(options.startDetector());
    return detector;
  };

  const getFollower = async (settings: FollowSettings): Promise<Follower> => {
    const key = `${settings.quality} ${settings.detectEvery} ${models.areAgreed} ${models.agreed.includes(TRACKER)} ${last?.frame.kind}`;
    if (follower?.key === key) return follower.of;
    const { quality } = settings;
    // The demo's figures are told for each frame.
    const detectEvery = last?.frame.kind === 'drawn' ? 1 : settings.detectEvery;
    const { runtime, store } = models;
    // Who asks for quality has time for it, or would rather wait.
    const isBehind = () => quality !== 'quality' && pace.isBehind;
    const aside = { detect, seePose, defer: later.add, isBehind };
    const next = await createFollower({ runtime, store, quality, detectEvery, ...aside });
    await follower?.of.close();
    follower = { of: next, key };
    return next;
  };

  const load = async (context: CallContext): Promise<void> => {
    const sizes = await listLiveModels(options);
    const kept = await listKeptModels(options.cacheName);
    // Without the server, what is kept here is all there is.
    const ids = [...sizes.keys()].filter((id) => (sizes.get(id) ?? 0) > 0 || kept.includes(id));
    const loaded = new Map<string, number>();
    const totalBytes = [...sizes.values()].reduce((sum, each) => sum + each, 0);
    onDownload = (modelId, bytes) => {
      loaded.set(modelId, bytes);
      const loadedBytes = [...loaded.values()].reduce((sum, each) => sum + each, 0);
      context.progress({ loadedBytes, totalBytes: Math.max(totalBytes, loadedBytes) } satisfies LiveLoading);
    };
    for (const id of ids) await fetchModel(models.store, id);
    onDownload = undefined;
    await getDetector().call('detect', { picture: undefined });
    models.agree(ids);
    try {
      await warmUp();
    } catch (error) {
      models.agree([]);
      throw error;
    }
  };

  /** Starts what the first lock on a person would have to wait for. */
  const warmUp = async (): Promise<void> => {
    const { runtime, store } = models;
    const nothing = async () => ({ detections: [] });
    const trial = await createFollower({ runtime, store, quality: 'fast', detect: nothing, seePose });
    const box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
    await trial.lock(createPicture(64, 64), box, PERSON);
    await trial.close();
  };

  const everyone = async (picture: Picture): Promise<FollowedFrame> => {
    const started = performance.now();
    const matte = steady.step(picture, toDecided(await runPersonMatteOnce(await models.get('selfie'), picture)));
    return { view: IDLE, matte, detections: [], timings: { mask: performance.now() - started } };
  };

  /** Nothing is followed: looks as often as it can beside the frames, so that what a pointer lights is where it shows. */
  const lookOn = (picture: Picture): FollowedFrame => {
    if (!isLooking && performance.now() > lookedMs + REST_MS) {
      isLooking = true;
      detect(picture)
        .then(
          ({ detections }) => {
            seen = detections;
          },
          // What went wrong comes again with the first lock, and is told there.
          () => undefined,
        )
        .finally(() => {
          isLooking = false;
          lookedMs = performance.now();
        });
    }
    return { view: IDLE, detections: seen, timings: {} };
  };

  /** The subject taken up again where other settings or a mirrored picture begin anew. */
  const followOn = async (settings: FollowSettings, picture: Picture, box: Box | undefined): Promise<FollowedFrame> => {
    const before = follower;
    const of = await getFollower(settings);
    if (view.state === 'idle' && last?.frame.kind === 'captured') return lookOn(picture);
    if (view.state === 'idle' || box === undefined || (before === follower && box === view.box))
      return of.step(picture);
    return of.lock(picture, box, view.label);
  };

  const hiding = createHiding({
    models,
    lookForPeople: async (picture) => (await look(picture)).detections,
    lookForFaces: (picture) => {
      const { args, transfer } = ask(picture);
      return getDetector().call('faces', args, { transfer });
    },
  });

  /** Whom to hide in this frame, and whom not: only who is surely locked. */
  const hide = async (picture: Picture, settings: HideSettings): Promise<LiveHidden | undefined> => {
    if (!models.areAgreed) return undefined;
    const isSure = settings.sparesLocked && view.state === 'locked' && view.label === PERSON;
    return { settings, outlines: await hiding.step(picture, settings, isSure ? view.box : undefined) };
  };

  const answer = (followed: FollowedFrame, started: number, hidden?: LiveHidden): Transferred<LiveFollowed> => {
    view = followed.view;
    later.begin();
    const ms = performance.now() - started;
    pace.answered(performance.now(), ms);
    const matte = followed.matte === undefined ? undefined : copyMatte(followed.matte);
    const told: LiveFollowed = {
      view,
      ...(matte !== undefined && { matte }),
      ...(hidden !== undefined && { hidden }),
      detections: followed.detections,
      timings: { ...followed.timings, learn: later.take() },
      ms,
    };
    return new Transferred(told, matte === undefined ? [] : [matte.data.buffer as ArrayBuffer]);
  };

  return {
    /** What there is to load, and whether this browser keeps it already. */
    async models(): Promise<{ readonly bytes: number; readonly areKept: boolean }> {
      const [sizes, kept] = await Promise.all([listLiveModels(options), listKeptModels(options.cacheName)]);
      const missing = [...sizes].filter(([id]) => !kept.includes(id));
      return { bytes: missing.reduce((sum, [, bytes]) => sum + bytes, 0), areKept: missing.length === 0 };
    },

    /** Loads the models. */
    load: (_: undefined, context: CallContext): Promise<void> => load(context),

    /** Whether a better tracker than the one in use could be had. */
    async offersTracker(): Promise<boolean> {
      return !models.agreed.includes(TRACKER) && (await findTracker(options.listUrl)) === 'available';
    },

    /** Follows with the tracker that the server has by now. */
    async takeTracker(): Promise<void> {
      await fetchModel(models.store, TRACKER);
      models.agree([...models.agreed, TRACKER]);
    },

    frame: ({ frame, shape, settings, sentMs }: FollowRequest): Promise<Transferred<LiveFollowed>> =>
      inTurn(async () => {
        const started = performance.now() - later.waitedMs(sentMs - performance.timeOrigin);
        const picture = await reader.read(frame, shape);
        const { isMirrored } = shape;
        const box = view.box !== undefined && last?.isMirrored === !isMirrored ? mirrorBox(view.box) : view.box;
        last = { picture, frame, isMirrored };
        if (settings.mode === 'subject') return answer(await followOn(settings, picture, box), started);
        if (settings.mode === 'hide') {
          const { sparesLocked } = settings.hide;
          const followed = sparesLocked ? await followOn(settings, picture, box) : NOBODY;
          view = followed.view;
          const begun = performance.now();
          const hidden = await hide(picture, settings.hide);
          const timings = { ...followed.timings, hide: performance.now() - begun };
          return answer({ ...followed, timings }, started, hidden);
        }
        if (!models.areAgreed) return answer(NOBODY, started);
        return answer(await everyone(picture), started);
      }),

    /** Locks what is at a point of the last frame, or in a box of it; nothing where there is no subject. */
    lock: (request: LockRequest): Promise<Transferred<LiveFollowed> | undefined> =>
      inTurn(async () => {
        if (last === undefined || follower === undefined) return undefined;
        const started = performance.now();
        const { of } = follower;
        const { point, pick, lit } = request;
        const { picture } = last;
        const moved = async (): Promise<FollowedFrame | undefined> => {
          const now = lit && findMoved((await of.step(picture)).detections, lit);
          return now && of.lock(picture, now.box, now.label);
        };
        const followed = (await of.lockAt(picture, point, { pick })) ?? (await moved());
        return followed && answer(followed, started);
      }),

    release: (): Promise<void> =>
      inTurn(async () => {
        follower?.of.release();
        view = IDLE;
      }),

    /** Forgets the source: what comes next is another. */
    restart: (): Promise<void> =>
      inTurn(async () => {
        await follower?.of.close();
        follower = undefined;
        last = undefined;
        view = IDLE;
        seen = [];
        steady.forget();
        hiding.forget();
      }),
  };
}

export type FollowHandlers = ReturnType<typeof createFollowHandlers>;

/** Makes the worker it is called in the one that follows subjects. */
export function serveFollow(port: Port, options: FollowWorkerOptions): void {
  serveWorker(port, createFollowHandlers(options));
}

/** The nearest of its kind. */
function findMoved(detections: readonly FocusDetection[], lit: FocusDetection): FocusDetection | undefined {
  const gapTo = ({ box }: FocusDetection) =>
    Math.max(
      Math.abs(box.x + box.width / 2 - lit.box.x - lit.box.width / 2) / lit.box.width,
      Math.abs(box.y + box.height / 2 - lit.box.y - lit.box.height / 2) / lit.box.height,
    );
  return detections
    .filter((each) => each.label === lit.label && gapTo(each) < MOST_MOVED)
    .sort((a, b) => gapTo(a) - gapTo(b))[0];
}

/** What is hardly there gone, what is nearly whole whole: the net is seldom quite sure. */
function toDecided({ width, height, data }: Matte): Matte {
  return { width, height, data: Uint8Array.from(data, (value) => DECIDED[value] as number) };
}

/** With bytes of its own, which may go to another thread. */
function copyMatte({ width, height, data }: Matte): Matte {
  return { width, height, data: new Uint8Array(data) };
}
