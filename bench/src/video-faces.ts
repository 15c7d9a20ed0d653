import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Box, createPicture, type Picture, resizePicture, toTensor } from '@focal/core';
import { loadModel, type Session } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { makeClip } from '@focal/testing/video';
import { openVideo } from '@focal/video';
import type { Focal } from 'focal';
import { FilePathSource } from 'mediabunny';
import sharp from 'sharp';
import { shareCovered } from './anonymise-covered.ts';
import { type FacePhoto, readFacePhotos } from './face-sets.ts';
import { defaultCacheFolder } from './inputs.ts';
import { readPhoto } from './photos.ts';

const CLIPS = 6;
const FRAMES = 48;
const RATE = 30;
const [WIDTH, HEIGHT] = [640, 480];
/** Frames in which the picture is out of focus, and in which a bar passes over the faces: .3 s. */
const BLURRED = { from: 10, to: 20, sigma: 2.2 };
const HIDDEN = { from: 26, to: 35 };
/** A face counts where so much of its box is in the frame and not behind the bar, and it is so large. */
const SEEN = 0.6;
const LEAST_FACE_PX = 20;
/** Share of the ellipse in the marked box that must be covered. */
const COVERED = 0.95;
/** Covers of a colour that no clip has; their outlines are the same whatever they are filled with. */
const COVERS = { params: { style: 'solid', color: '#ff00ff' } };
/** The other net's side, and how sure it must be. */
const SIDE = 512;
const SURE = 0.5;

export interface VideoFaces {
  /** Faces to be seen, frame by frame, in all clips. */
  readonly faces: number;
  /** Of those, what shows a face by truth, and what the other net still sees; what it sees without covers. */
  readonly uncovered: number;
  readonly seenAfter: number;
  readonly seenBefore: number;
}

/** Clips that pan and zoom over photos with marked faces, with blur and occlusion, anonymised and looked at again. */
export async function checkVideoFaces(focal: Focal, data: string, log: (line: string) => void): Promise<VideoFaces> {
  const photos = (await readFacePhotos(data)).filter(({ faces }) => faces.some(({ optional }) => !optional));
  const chosen = photos.filter((_, i) => i % Math.max(1, Math.floor(photos.length / CLIPS)) === 0).slice(0, CLIPS);
  const folder = await mkdtemp(join(tmpdir(), 'focal-bench-video-'));
  const runtime = await createOrtRuntime({ device: 'cpu' });
  const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
  const total = { faces: 0, uncovered: 0, seenAfter: 0, seenBefore: 0 };
  try {
    const other = await loadModel(runtime, store, 'ssd-mobilenet');
    for (const [i, photo] of chosen.entries()) {
      const found = await checkClip(focal, other, photo, join(folder, `${i}`));
      for (const key of Object.keys(total) as (keyof VideoFaces)[]) total[key] += found[key];
      log(
        `  ${photo.image.split('/').at(-1)}: ${found.faces} faces, ${found.uncovered} uncovered, ${found.seenAfter} seen`,
      );
    }
  } finally {
    await runtime.close();
    await rm(folder, { recursive: true });
  }
  return total;
}

async function checkClip(focal: Focal, other: Session, photo: FacePhoto, path: string): Promise<VideoFaces> {
  const source = await readPhoto(photo.image);
  const marked = photo.faces.filter(({ optional }) => !optional).map(({ box }) => box);
  const truths: Box[][] = [];
  await makeClip({
    path: `${path}.mp4`,
    width: WIDTH,
    height: HEIGHT,
    timestamps: Array.from({ length: FRAMES }, (_, i) => i / RATE),
    draw: async (frame) => {
      const { picture, faces } = await drawFrame(source, marked, frame);
      truths[frame] = faces;
      return new Uint8Array(picture.data);
    },
  });
  // What the clip's own compression left is what is compared.
  await focal.video.anonymize(`${path}.mp4`, { path: `${path}-hidden`, format: 'png' }, COVERS);
  const after = await listFrames(`${path}-hidden`);
  const result = { faces: 0, uncovered: 0, seenAfter: 0, seenBefore: 0 };
  const clip = await openVideo(new FilePathSource(`${path}.mp4`));
  for await (const { index, picture: plain } of clip.frames()) {
    const boxes = truths[index] ?? [];
    const hidden = await readPhoto(after[index] ?? '');
    const mask = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) => (isCover(hidden, p * 4) ? 1 : 0));
    for (const box of boxes) {
      result.faces++;
      if (shareCovered(mask, plain, box) < COVERED) result.uncovered++;
      if (await seesFace(other, hidden, box)) result.seenAfter++;
      if (await seesFace(other, plain, box)) result.seenBefore++;
    }
  }
  clip.close();
  return result;
}

/** A pixel of a cover, as the colour that no clip has tells. */
function isCover({ data }: Picture, at: number): boolean {
  return (data[at] as number) > 240 && (data[at + 1] as number) < 15 && (data[at + 2] as number) > 240;
}

/** A frame of the pan, and the boxes (pixels) of faces that are to be seen in it. */
async function drawFrame(
  source: Picture,
  marked: readonly Box[],
  frame: number,
): Promise<{ readonly picture: Picture; readonly faces: Box[] }> {
  const region = regionOf(source, marked, frame);
  let picture = resizePicture(source, WIDTH, HEIGHT, { region });
  if (frame >= BLURRED.from && frame < BLURRED.to) {
    const { data } = await sharp(picture.data, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .blur(BLURRED.sigma)
      .raw()
      .toBuffer({ resolveWithObject: true });
    picture = createPicture(WIDTH, HEIGHT, { data });
  }
  const scale = WIDTH / region.width;
  const faces = marked.map(({ x, y, width, height }) => ({
    x: (x - region.x) * scale,
    y: (y - region.y) * scale,
    width: width * scale,
    height: height * scale,
  }));
  const bar = drawBar(picture, frame);
  return { picture, faces: faces.filter((face) => face.width >= LEAST_FACE_PX && seenShare(face, bar) >= SEEN) };
}

/** Around the faces, from far to near and from one side to the other. */
function regionOf({ width, height }: Picture, marked: readonly Box[], frame: number) {
  const share = frame / (FRAMES - 1);
  const [face] = [...marked].sort((a, b) => b.width * b.height - a.width * a.height);
  const most = Math.min(width, (height * WIDTH) / HEIGHT);
  const across = Math.min(most, Math.max(most * (0.95 - 0.35 * share), (face?.width ?? 0) * 2.5));
  const down = (across * HEIGHT) / WIDTH;
  const centre = { x: (face?.x ?? 0) + (face?.width ?? 0) / 2, y: (face?.y ?? 0) + (face?.height ?? 0) / 2 };
  const place = (at: number, size: number, limit: number, swing: number): number =>
    Math.round(Math.max(0, Math.min(limit - size, at - size / 2 + swing * size)));
  return {
    x: place(centre.x, across, width, 0.25 * Math.sin(share * 5)),
    y: place(centre.y, down, height, 0.15 * Math.cos(share * 7)),
    width: Math.floor(across),
    height: Math.floor(down),
  };
}

/** A grey bar that passes from left to right; its columns. */
function drawBar(picture: Picture, frame: number): { readonly from: number; readonly to: number } | undefined {
  if (frame < HIDDEN.from || frame >= HIDDEN.to) return undefined;
  const share = (frame - HIDDEN.from) / (HIDDEN.to - HIDDEN.from - 1);
  const from = Math.round(share * WIDTH * 0.7);
  const to = Math.round(from + WIDTH * 0.3);
  for (let y = 0; y < HEIGHT; y++) picture.data.fill(120, (y * WIDTH + from) * 4, (y * WIDTH + to) * 4);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return { from, to };
}

function seenShare(face: Box, bar: { readonly from: number; readonly to: number } | undefined): number {
  const [left, right] = [Math.max(0, face.x), Math.min(WIDTH, face.x + face.width)];
  const [top, bottom] = [Math.max(0, face.y), Math.min(HEIGHT, face.y + face.height)];
  if (right <= left || bottom <= top) return 0;
  const behind = bar === undefined ? 0 : Math.max(0, Math.min(right, bar.to) - Math.max(left, bar.from));
  return ((right - left - behind) * (bottom - top)) / (face.width * face.height);
}

async function listFrames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder))
    .filter((name) => name.endsWith('.png'))
    .sort()
    .map((name) => join(folder, name));
}

/** Whether the other net finds a face where one is, in what is around it at twice the size or more. */
async function seesFace(session: Session, frame: Picture, face: Box): Promise<boolean> {
  const side = Math.min(SIDE / 2, Math.max(face.width, face.height) * 4);
  const region = {
    x: Math.round(Math.max(0, Math.min(frame.width - side, face.x + face.width / 2 - side / 2))),
    y: Math.round(Math.max(0, Math.min(frame.height - side, face.y + face.height / 2 - side / 2))),
    width: Math.floor(side),
    height: Math.floor(side),
  };
  const { data } = toTensor(frame, SIDE, SIDE, { fit: 'stretch', layout: 'nhwc', mean: MEAN, scale: SCALE, region });
  const outputs = await session.run({ image: { type: 'float32', data, dims: [1, SIDE, SIDE, 3] } });
  const [boxes, scores] = [outputs.boxes?.data, outputs.scores?.data];
  for (let i = 0; i < (scores?.length ?? 0); i++) {
    if (Number(scores?.[i]) < SURE) continue;
    const [top, left, bottom, right] = [0, 1, 2, 3].map((k) => Number(boxes?.[i * 4 + k])) as [
      number,
      number,
      number,
      number,
    ];
    const x = region.x + ((left + right) / 2) * region.width;
    const y = region.y + ((top + bottom) / 2) * region.height;
    if (x > face.x && x < face.x + face.width && y > face.y && y < face.y + face.height) return true;
  }
  return false;
}

const MEAN: readonly [number, number, number] = [127.5, 127.5, 127.5];
const SCALE: readonly [number, number, number] = [1 / 127.5, 1 / 127.5, 1 / 127.5];
