import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Box, boxIou, type Matte, type Picture, resizeMatte } from '@focal/core';
import {
  createFollowBridge,
  createFollower,
  createSessions,
  type FollowedFrame,
  type FollowQuality,
  type PoseSight,
  seePose,
  viewPerson,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { defaultCacheFolder } from './inputs.ts';
import { mean } from './metrics.ts';
import { readMask, readPhoto } from './photos.ts';

/** What a follower made of one clip, frame by frame; the first frame is the one it was locked in. */
export interface FollowedClip {
  readonly clip: string;
  readonly label: string | undefined;
  /** Intersection over union of masks with the truth (J), and of boxes; 0 where the subject was not shown. */
  readonly masks: readonly number[];
  readonly boxes: readonly number[];
  readonly ms: readonly number[];
}

interface Clip {
  readonly name: string;
  readonly frames: readonly string[];
  readonly boxes: readonly Box[];
}

/** Overlap from which what the detector found is the clip's subject. */
const SAME = 0.4;
const MOMENT_MS = 400;

export interface FollowClipsOptions {
  readonly quality: FollowQuality;
  /** What models say of people comes so many frames late, as on the live page. Default: in the same frame. */
  readonly lateBy?: number;
  readonly models: string | undefined;
  readonly log: (line: string) => void;
}

/** Follows the subject of each clip from its true box in the first frame, as the live page and `focal video` do. */
export async function followClips(
  clips: readonly Clip[],
  { quality, lateBy, models, log }: FollowClipsOptions,
): Promise<readonly FollowedClip[]> {
  const store = createNodeModelStore({
    cacheFolder: join(defaultCacheFolder(), 'models'),
    ...(models === undefined ? {} : { modelsFolder: models }),
  });
  const runtime = await createOrtRuntime({ device: 'cpu' });
  const sessions = createSessions({ runtime, store });
  const all: FollowedClip[] = [];
  try {
    const pose = await sessions.get('pose-lite');
    for (const clip of clips) {
      const late = lateBy === undefined ? undefined : createLateLooks(lateBy);
      const lookLate =
        late && (async (frame: Picture, box: Box) => late.hold(await seePose(pose, viewPerson(frame, box))));
      const follower = await createFollower({ runtime, store, quality, ...(lookLate && { seePose: lookLate }) });
      try {
        const followed = await followClip(follower, clip, late && (() => late.next()));
        all.push(followed);
        log(`  ${quality}, ${clip.name} (${followed.label ?? 'unknown'}): J ${mean(followed.masks).toFixed(3)}`);
      } finally {
        await follower.close();
      }
    }
  } finally {
    await sessions.close();
    await runtime.close();
  }
  return all;
}

/** Holds back what is seen until so many frames later. What a frame waits for comes after a moment. */
function createLateLooks(lateBy: number) {
  let frames = 0;
  const waiting = new Set<{ readonly at: number; readonly release: () => void }>();
  return {
    async hold(sight: PoseSight): Promise<PoseSight> {
      const late = new Promise<void>((resolve) => waiting.add({ at: frames + lateBy, release: resolve }));
      await Promise.race([late, delay(MOMENT_MS)]);
      return sight;
    },
    async next(): Promise<void> {
      frames++;
      for (const each of waiting) {
        if (each.at > frames) continue;
        waiting.delete(each);
        each.release();
      }
      await delay(0);
    },
  };
}

async function followClip(
  follower: Awaited<ReturnType<typeof createFollower>>,
  { name, frames, boxes }: Clip,
  nextFrame: () => Promise<void> = async () => undefined,
): Promise<FollowedClip> {
  const masks: number[] = [];
  const overlaps: number[] = [];
  const ms: number[] = [];
  // With offline quality masks come later.
  const bridge = createFollowBridge();
  let label: string | undefined;
  const judge = async (settled: readonly (FollowedFrame | undefined)[]): Promise<void> => {
    for (const followed of settled) {
      const path = frames[masks.length] ?? '';
      const mask = await readMask(path.replace('/frames/', '/masks/').replace(/\.jpg$/u, '.png'));
      masks.push(followed?.matte === undefined ? 0 : maskIou(followed.matte, mask));
    }
  };
  for (const [i, path] of frames.entries()) {
    const frame: Picture = await readPhoto(path);
    const truth = boxes[i];
    if (truth === undefined) break;
    await nextFrame();
    const start = performance.now();
    let shown: FollowedFrame;
    if (i === 0) {
      const { detections } = await follower.step(frame);
      label = [...detections].sort((a, b) => boxIou(b.box, truth) - boxIou(a.box, truth))[0]?.label;
      const isSame = detections.some((each) => each.label === label && boxIou(each.box, truth) > SAME);
      if (!isSame) label = undefined;
      shown = await follower.lock(frame, truth, label);
    } else {
      shown = await follower.step(frame);
      ms.push(performance.now() - start);
      overlaps.push(shown.view.box === undefined ? 0 : boxIou(shown.view.box, truth));
    }
    await judge(bridge.next(frame, shown, 0));
  }
  await judge(bridge.end());
  return { clip: name, label, masks, boxes: overlaps, ms };
}

/** Mean change of J from frame to frame. */
export function flickerOf({ masks }: FollowedClip): number {
  return mean(masks.slice(1).map((share, i) => Math.abs(share - (masks[i] ?? share))));
}

function maskIou(matte: Matte, truth: Matte): number {
  const { data } = resizeMatte(matte, truth.width, truth.height);
  let [both, either] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const [inOne, inOther] = [(data[i] as number) >= 128, (truth.data[i] as number) >= 128];
    if (inOne && inOther) both++;
    if (inOne || inOther) either++;
  }
  return either === 0 ? 1 : both / either;
}
