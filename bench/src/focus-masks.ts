import { join } from 'node:path';
import { type Box, boxIou, type Matte, type Picture, resizeMatte } from '@focal/core';
import { createFollowBridge, createFollower, type FollowedFrame, type FollowQuality } from '@focal/models';
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

/** Follows the subject of each clip from its true box in the first frame, as the live page and `focal video` do. */
export async function followClips(
  clips: readonly Clip[],
  quality: FollowQuality,
  models: string | undefined,
  log: (line: string) => void,
): Promise<readonly FollowedClip[]> {
  const store = createNodeModelStore({
    cacheFolder: join(defaultCacheFolder(), 'models'),
    ...(models === undefined ? {} : { modelsFolder: models }),
  });
  const runtime = await createOrtRuntime({ device: 'cpu' });
  const all: FollowedClip[] = [];
  try {
    for (const clip of clips) {
      const follower = await createFollower({ runtime, store, quality });
      try {
        const followed = await followClip(follower, clip);
        all.push(followed);
        log(`  ${quality}, ${clip.name} (${followed.label ?? 'unknown'}): J ${mean(followed.masks).toFixed(3)}`);
      } finally {
        await follower.close();
      }
    }
  } finally {
    await runtime.close();
  }
  return all;
}

async function followClip(
  follower: Awaited<ReturnType<typeof createFollower>>,
  { name, frames, boxes }: Clip,
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
