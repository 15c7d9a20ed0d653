import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Box, boxIou, createCorrelationTracker, type Picture, type Tracker } from '@focal/core';
import { createNanotrack, loadFrameDetector, loadModel, seeFrame } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { atLeast, atMost, type Bench, type BenchResult, median, withinMs } from './bench.ts';
import type { Calibration } from './calibration.ts';
import { type Trackers, tellStory } from './focus.ts';
import { type FollowedClip, flickerOf, followClips } from './focus-masks.ts';
import { defaultCacheFolder } from './inputs.ts';
import { mean } from './metrics.ts';
import { readPhoto } from './photos.ts';
import { findPython, NO_OPENCV, runPython } from './python.ts';

/** A clip with the true box of its subject in every frame. */
interface Clip {
  readonly name: string;
  readonly frames: readonly string[];
  readonly boxes: readonly Box[];
  /** In pixels. */
  readonly size: { readonly width: number; readonly height: number };
}

/** What a tracker did on one clip. */
interface Track {
  readonly clip: string;
  /** Intersection over union with the truth, frame by frame from the second on. */
  readonly overlaps: readonly number[];
  readonly ms: readonly number[];
}

/** Below this overlap the subject is lost. */
const LOST = 0.1;
/** What a session must stand: the subject is hidden for a second, goes for good, passes one who looks alike. */
const STORIES = [
  { story: 'hidden', row: 'taken up again within 1 s', least: 0.9 },
  { story: 'gone', row: 'called lost within 10 frames', least: 1 },
  { story: 'crossing', row: 'not taken for another', least: 1 },
] as const;
const GOALS: Readonly<Record<string, Goal>> = {
  nanotrack: { auc: 0.66, lost: 0.02 },
  correlation: { auc: 0.48, lost: 0.14 },
};
/** Clips of davis2016val whose subject is a person; the others show things and animals. */
/** Frames by which the pose of people comes late on the live page, about. */
const LATE_BY = 3;
const PEOPLE: ReadonlySet<string> = new Set(['bmx-trees', 'breakdance', 'parkour']);
const MASK_ROWS = {
  auc: 'follower: success AUC',
  people: "live: people's masks, mean J",
  late: "live: people's masks, their pose some frames late, mean J",
  things: "live: things' masks, mean J",
  flicker: 'live: change of J from frame to frame',
  time: 'live: a frame with its mask',
  offline: 'offline: masks, mean J',
  offlineFlicker: 'offline: change of J from frame to frame',
} as const;
const TRACKERS = ['nanotrack', 'correlation', 'CSRT'] as const;

export const trackBench: Bench = {
  name: 'track',
  title: 'One subject through davis2016val, box from the first mask',
  rows: [
    ...TRACKERS.flatMap((name) => [`${name}: success AUC`, `${name}: frames lost`, `${name}: a frame`]),
    ...Object.values(MASK_ROWS),
    ...['nanotrack', 'correlation'].flatMap((name) => STORIES.map(({ row }) => `focus with ${name}: ${row}`)),
  ],
  needsData: true,
  async run({ data = '', models, log, calibrate }) {
    const clips = await readClips(join(data, 'davis2016val'));
    const calibration = await calibrate();
    const results: BenchResult[] = [];
    const judge = (name: string, tracks: readonly Track[], goal: Goal): void => {
      const { auc, lost } = summarise(tracks);
      results.push(atLeast(`${name}: success AUC`, auc, goal.auc, 'AUC'));
      results.push(atMost(`${name}: frames lost`, lost, goal.lost, 'share'));
      results.push(withinMs(`${name}: a frame`, median(tracks.flatMap(({ ms }) => ms)), 10, calibration));
    };
    const folder = join(data, 'davis2016val');
    await using nets = await openNets(models);
    const { tracker: net, detector } = nets;
    if (net === undefined) log('track: nanotrack left out: it needs --models DIR with nanotrack-v2.');
    const trackers: Trackers = {
      ...(net !== undefined && { nanotrack: () => createNanotrack(net) }),
      correlation: createCorrelationTracker,
    };
    for (const [name, goal] of Object.entries(GOALS)) {
      const create = trackers[name];
      if (create !== undefined) judge(name, await followAll(clips, create, log), goal);
    }
    for (const { story, row, least } of STORIES) {
      const told = await tellStory(
        folder,
        story,
        trackers,
        (frame) => seeFrame(detector, frame, { isAnySize: true }),
        log,
      );
      for (const [name, { well, clips: all }] of Object.entries(told)) {
        results.push(
          atLeast(`focus with ${name}: ${row}`, well / all, least, 'share', `${well} of ${all} drawn clips`),
        );
      }
    }
    const live = await followClips(clips, { quality: 'quality', models, log });
    const people = clips.filter(({ name }) => PEOPLE.has(name));
    const late = await followClips(people, { quality: 'quality', lateBy: LATE_BY, models, log });
    const offline = await followClips(clips, { quality: 'offline', models, log });
    results.push(...judgeMasks(live, offline, calibration));
    const lateJ = mean(late.map(({ masks }) => mean(masks)));
    results.push({ name: MASK_ROWS.late, value: lateJ, unit: 'J', note: 'as on the live page' });
    const python = await findPython();
    if (python === undefined)
      return [...results, { name: 'CSRT: success AUC', value: Number.NaN, unit: 'AUC', note: NO_OPENCV }];
    const { auc, lost, ms } = summarise(await followWithCsrt(python, clips));
    return [
      ...results,
      { name: 'CSRT: success AUC', value: auc, unit: 'AUC', note: 'OpenCV, on the same frames' },
      { name: 'CSRT: frames lost', value: lost, unit: 'share' },
      { name: 'CSRT: a frame', value: ms, unit: 'ms', note: 'two threads' },
    ];
  },
};

function judgeMasks(
  live: readonly FollowedClip[],
  offline: readonly FollowedClip[],
  calibration: Calibration,
): readonly BenchResult[] {
  const meanJ = (clips: readonly FollowedClip[]) => mean(clips.map(({ masks }) => mean(masks)));
  const flicker = (clips: readonly FollowedClip[]) => mean(clips.map(flickerOf));
  const [people, things] = [true, false].map((isPerson) => live.filter(({ clip }) => PEOPLE.has(clip) === isPerson));
  return [
    atLeast(MASK_ROWS.auc, mean(live.map(({ boxes }) => successAuc(boxes))), 0.66, 'AUC', 'NanoTrack alone as above'),
    atLeast(MASK_ROWS.people, meanJ(people ?? []), 0.55, 'J'),
    atLeast(MASK_ROWS.things, meanJ(things ?? []), 0.45, 'J'),
    atMost(MASK_ROWS.flicker, flicker(live), 0.04, 'J'),
    withinMs(MASK_ROWS.time, median(live.flatMap(({ ms }) => ms)), 30, calibration),
    atLeast(MASK_ROWS.offline, meanJ(offline), 0.68, 'J'),
    atMost(MASK_ROWS.offlineFlicker, flicker(offline), 0.04, 'J'),
  ];
}

interface Goal {
  readonly auc: number;
  readonly lost: number;
}

/** The detector, and NanoTrack where it was downloaded. */
async function openNets(models: string | undefined) {
  const store = createNodeModelStore({
    cacheFolder: join(defaultCacheFolder(), 'models'),
    ...(models === undefined ? {} : { modelsFolder: models }),
  });
  const runtime = await createOrtRuntime({ device: 'cpu' });
  const hasTracker = await store.has('nanotrack-v2');
  const tracker = hasTracker ? await loadModel(runtime, store, 'nanotrack-v2', { threads: 1 }) : undefined;
  const detector = await loadFrameDetector(runtime, store);
  return { tracker, detector, [Symbol.asyncDispose]: () => runtime.close() };
}

function summarise(tracks: readonly Track[]): { readonly auc: number; readonly lost: number; readonly ms: number } {
  const overlaps = tracks.flatMap((track) => track.overlaps);
  return {
    auc: mean(tracks.map((track) => successAuc(track.overlaps))),
    lost: overlaps.filter((overlap) => overlap < LOST).length / overlaps.length,
    ms: median(tracks.flatMap((track) => track.ms)),
  };
}

/** Mean over thresholds of intersection over union, 0 to 1 by .05, of the share of frames above. */
function successAuc(overlaps: readonly number[]): number {
  return mean(Array.from({ length: 21 }, (_, i) => mean(overlaps.map((overlap) => (overlap > i / 20 ? 1 : 0)))));
}

const CSRT = `
import cv2, json, sys, time
cv2.setNumThreads(2)
tracks = []
for clip in json.loads(sys.argv[1]):
    tracker, boxes, ms = cv2.TrackerCSRT_create(), [], []
    for i, path in enumerate(clip["frames"]):
        frame = cv2.imread(path)
        if i == 0:
            tracker.init(frame, tuple(int(v) for v in clip["box"]))
            continue
        start = time.perf_counter()
        ok, box = tracker.update(frame)
        ms.append((time.perf_counter() - start) * 1000)
        boxes.append(list(box) if ok else None)
    tracks.append({"boxes": boxes, "ms": ms})
print(json.dumps(tracks))
`;

async function followWithCsrt(python: string, clips: readonly Clip[]): Promise<readonly Track[]> {
  const asked = clips.map(({ frames, boxes, size }) => {
    const [box = { x: 0, y: 0, width: 0, height: 0 }] = boxes;
    return { frames, box: [box.x * size.width, box.y * size.height, box.width * size.width, box.height * size.height] };
  });
  const answers = (await runPython(python, CSRT, [JSON.stringify(asked)])) as {
    boxes: (readonly [number, number, number, number] | null)[];
    ms: number[];
  }[];
  return clips.map(({ name, boxes: truths, size }, i) => ({
    clip: name,
    ms: answers[i]?.ms ?? [],
    overlaps: (answers[i]?.boxes ?? []).map((box, frame) => {
      const truth = truths[frame + 1];
      if (box === null || truth === undefined) return 0;
      const [x, y, width, height] = box;
      const { width: w, height: h } = size;
      return boxIou({ x: x / w, y: y / h, width: width / w, height: height / h }, truth);
    }),
  }));
}

async function followAll(
  clips: readonly Clip[],
  create: () => Tracker,
  log: (line: string) => void,
): Promise<readonly Track[]> {
  const tracks: Track[] = [];
  for (const clip of clips) {
    const track = await follow(clip, create());
    log(`  ${clip.name}: AUC ${successAuc(track.overlaps).toFixed(3)}`);
    tracks.push(track);
  }
  return tracks;
}

async function follow(clip: Clip, tracker: Tracker): Promise<Track> {
  const overlaps: number[] = [];
  const ms: number[] = [];
  for (const [i, path] of clip.frames.entries()) {
    const frame: Picture = await readPhoto(path);
    const truth = clip.boxes[i];
    if (truth === undefined) break;
    if (i === 0) {
      await tracker.start(frame, truth);
      continue;
    }
    const start = performance.now();
    const { box } = await tracker.step(frame);
    ms.push(performance.now() - start);
    overlaps.push(boxIou(box, truth));
  }
  return { clip: clip.name, overlaps, ms };
}

/** Clips of a folder: `NAME/frames/*.jpg` and `NAME/groundtruth_rect.txt`, a line `x,y,width,height` in pixels each. */
async function readClips(folder: string): Promise<readonly Clip[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return Promise.all(
    entries
      .map(({ name }) => name)
      .sort()
      .map(async (name) => {
        const names = (await readdir(join(folder, name, 'frames'))).sort();
        const frames = names.map((file) => join(folder, name, 'frames', file));
        const { width, height } = await readPhoto(frames[0] ?? '');
        const text = await readFile(join(folder, name, 'groundtruth_rect.txt'), 'utf8');
        const boxes = text
          .trim()
          .split('\n')
          .map((line): Box => {
            const [x = 0, y = 0, w = 0, h = 0] = line.split(/[,\s]+/).map(Number);
            return { x: x / width, y: y / height, width: w / width, height: h / height };
          });
        return { name, frames, boxes, size: { width, height } };
      }),
  );
}
