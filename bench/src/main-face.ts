import { join } from 'node:path';
import { type Box, type FacePoints, type Picture, type Point, warpPicture } from '@focal/core';
import { detectFaces, loadModel, type ModelId, readLandmarks, type Session } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { defaultCacheFolder } from './inputs.ts';

/** Models on this thread, loaded when they are first asked for. Owns them. */
export interface ModelLoader {
  load(id: ModelId): Promise<Session>;
  close(): Promise<void>;
}

export async function createModelLoader(): Promise<ModelLoader> {
  const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
  const runtime = await createOrtRuntime({ device: 'cpu' });
  return {
    // One thread, as an analyser loads them.
    load: (id) => loadModel(runtime, store, id, { threads: 1 }),
    close: () => runtime.close(),
  };
}

/** Where it is in the photo, in fractions of that. */
export interface MainFace {
  readonly box: Box;
  readonly points: FacePoints;
}

/** The face in the middle of a photo; nothing where no face was found. */
export type FindMainFace = (picture: Picture, framing: Framing) => Promise<MainFace | undefined>;

/** `tight`: the picture is a cut-out face, which is looked for with black around it. */
export type Framing = 'tight' | 'loose';

/** Sides of a tight picture with its frame. */
const FRAME = 2.5;

export async function createMainFaceFinder(loader: ModelLoader): Promise<FindMainFace> {
  const full = await loader.load('face-full');
  const short = await loader.load('face-short');
  const mesh = await loader.load('facemesh');
  return async (picture, framing) => {
    const share = framing === 'tight' ? FRAME : 1;
    const seen = framing === 'tight' ? addFrame(picture) : picture;
    const faces = await detectFaces({ full, short }, seen);
    const [face] = [...faces].sort((a, b) => offCentre(a.box) - offCentre(b.box));
    if (face === undefined) return undefined;
    const { points } = await readLandmarks(mesh, seen, face);
    const width = seen.width / picture.width;
    const height = seen.height / picture.height;
    const left = Math.floor((picture.width * share - picture.width) / 2) / picture.width;
    const top = Math.floor((picture.height * share - picture.height) / 2) / picture.height;
    const back = ({ x, y }: Point): Point => ({ x: x * width - left, y: y * height - top });
    const { box } = face;
    return {
      box: { ...back(box), width: box.width * width, height: box.height * height },
      points: {
        rightEye: back(points.rightEye),
        leftEye: back(points.leftEye),
        nose: back(points.nose),
        mouthRight: back(points.mouthRight),
        mouthLeft: back(points.mouthLeft),
      },
    };
  };
}

/** The picture in the middle of a black one. */
function addFrame(picture: Picture): Picture {
  const width = Math.floor(picture.width * FRAME);
  const height = Math.floor(picture.height * FRAME);
  const x0 = -Math.floor((picture.width * FRAME - picture.width) / 2);
  const y0 = -Math.floor((picture.height * FRAME - picture.height) / 2);
  return warpPicture(picture, { xx: 1, xy: 0, x0, yx: 0, yy: 1, y0 }, width, height, { outside: [0, 0, 0] });
}

/** How many widths of the face its middle lies from that of the photo. */
function offCentre({ x, y, width, height }: Box): number {
  return Math.hypot(x + width / 2 - 0.5, y + height / 2 - 0.5) / Math.max(width, height);
}
