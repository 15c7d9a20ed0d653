import {
  createMatte,
  describeParameters,
  effects,
  FocalError,
  fromSceneJson,
  type Matte,
  type Pick,
  type Picture,
  type Point,
  type Provenance,
  pickSubject,
  type Scene,
  type SubjectsFact,
} from '@focal/core';
import { decodePicture } from '../canvas/decode.ts';
import { encodePicture } from '../canvas/encode.ts';
import type { PictureJob } from '../threads/plan-job.ts';
import type { PlanRunner } from '../threads/plan-runner.ts';
import { type CallContext, type Port, Transferred } from '../worker/messages.ts';
import { serveWorker } from '../worker/serve.ts';
import { createAssets } from './assets.ts';
import { getStage, type Photo, prepare } from './photo.ts';
import type {
  EffectInfo,
  EffectRequest,
  ExportRequest,
  ExportResult,
  Opened,
  Rendered,
  RenderRequest,
  Sized,
} from './types.ts';

/** The methods of the effect worker. They work on the one photo that is open. */
export function createEffectHandlers(runner: PlanRunner) {
  let photo: Photo | undefined;
  const assets = createAssets(async (file) => toShared(await decodePicture(file), runner));

  const getPhoto = (): Photo => {
    if (photo === undefined) throw new FocalError('not-found', 'No photo is open.', { hint: 'Open a photo first.' });
    return photo;
  };

  return {
    /** What can be done to a photo, and with which controls. */
    describe(): readonly EffectInfo[] {
      return Object.values(effects).map((effect) => ({
        name: effect.name,
        title: effect.title,
        description: effect.description,
        parameters: describeParameters(effect),
        assets: effect.assets,
      }));
    },

    /** Decodes a photo and makes it the open one; the one before it stays open where this fails. */
    async open({ file, maxPixels }: { file: Blob; maxPixels?: number | undefined }): Promise<Opened> {
      const picture = toShared(await decodePicture(file, { maxPixels }), runner);
      photo = { picture, subject: undefined, stages: new Map() };
      return { width: picture.width, height: picture.height, colorSpace: picture.colorSpace, threads: runner.threads };
    },

    /** The pixels of the open photo, for the inference worker. */
    pixels(): Picture | Transferred<Picture> {
      const { picture } = getPhoto();
      if (!(picture.data.buffer instanceof ArrayBuffer)) return picture;
      const copy = { ...picture, data: picture.data.slice() };
      return new Transferred(copy, [copy.data.buffer]);
    },

    /** Gives the open photo its scene, with the matte as a grey picture file or as bytes. */
    async setMatte(args: { matte: Blob | Matte; provenance: Provenance }): Promise<void> {
      const current = getPhoto();
      const matte = args.matte instanceof Blob ? toMatte(await decodePicture(args.matte)) : args.matte;
      const { width, height } = current.picture;
      const shared = createMatte(matte.width, matte.height, { allocate: runner.allocate });
      shared.data.set(matte.data);
      const fact = { matte: shared, provenance: args.provenance };
      const scene: Scene = { version: 1, width, height, facts: ['matte'], matte: fact };
      current.subject = { scene, prepared: new WeakMap() };
    },

    /** A scene out of its JSON. */
    readScene(json: string): Scene {
      return fromSceneJson(JSON.parse(json));
    },

    /** What is at a point of the open photo, by its matte and what is known of its subjects; see `pickSubject`. */
    pick({ point, subjects }: { point: Point; subjects?: SubjectsFact | undefined }): Pick | undefined {
      const { picture, subject } = getPhoto();
      const matte = subject?.scene.matte;
      return pickSubject(picture, { ...(subjects && { subjects }), ...(matte && { matte }) }, point);
    },

    /** Takes a further picture for effects, under an id of the caller's. Its file stays at hand, so that undo finds it. */
    async setAsset({ id, file }: { id: string; file: Blob }): Promise<void> {
      await assets.add(id, file);
    },

    /** The photo as it was, no larger than asked for. */
    async original({ longSide }: Sized): Promise<Transferred<Rendered>> {
      const started = performance.now();
      const picture = await getStage(getPhoto(), longSide, runner).picture;
      // It stays here for other calls, so what leaves is a copy.
      return toRendered({ ...picture, data: picture.data.slice() }, started);
    },

    /** The photo with an effect, no larger than asked for. */
    async render(request: RenderRequest, { signal }: CallContext): Promise<Transferred<Rendered>> {
      const job = await toJob(getPhoto(), request, request.longSide);
      const started = performance.now();
      return toRendered(await runner.run(job, { signal, background: request.background }), started);
    },

    /** The photo with an effect in its full size, as a file. */
    async export(request: ExportRequest, context: CallContext): Promise<ExportResult> {
      const { signal } = context;
      const current = getPhoto();
      const job = await toJob(current, request, Math.max(current.picture.width, current.picture.height));
      const onProgress = (done: number) => context.progress(0.1 + done * 0.6);
      const result = await runner.run(job, { signal, background: true, onProgress });
      const blob = await encodePicture(result, {
        format: request.format,
        quality: request.quality,
        signal,
        onProgress: (done) => context.progress(0.7 + done * 0.3),
      });
      return { blob, width: result.width, height: result.height };
    },
  };

  async function toJob(current: Photo, request: EffectRequest, longSide: number): Promise<PictureJob> {
    const { subject } = current;
    if (subject === undefined) {
      throw new FocalError('not-found', 'The subject of this photo has not been found yet.');
    }
    const stage = getStage(current, longSide, runner);
    // At full size it is computed beside other work, so that sliders stay quick meanwhile.
    const background = (await stage.picture) === current.picture;
    const { effect, params } = request;
    const known = await prepare(subject, stage, request, runner, { background });
    return {
      kind: 'effect',
      effect,
      params,
      ...known,
      scene: subject.scene,
      assets: await assets.take(request.assets),
    };
  }
}

export type EffectHandlers = ReturnType<typeof createEffectHandlers>;

/** Makes the worker it is called in the effect worker. */
export function serveEffects(port: Port, runner: PlanRunner): void {
  serveWorker(port, createEffectHandlers(runner));
}

/** The picture on its way to the page, which takes no shared memory. */
function toRendered({ data, width, height, colorSpace }: Picture, started: number): Transferred<Rendered> {
  const isOwn = data instanceof Uint8ClampedArray && data.buffer instanceof ArrayBuffer;
  const own = isOwn ? (data as Uint8ClampedArray<ArrayBuffer>) : new Uint8ClampedArray(data);
  const rendered = { data: own, width, height, colorSpace, ms: performance.now() - started };
  return new Transferred(rendered, [own.buffer]);
}

/** The picture on memory that helper workers see too. */
function toShared(picture: Picture, runner: PlanRunner): Picture {
  const data = new Uint8ClampedArray(runner.allocate(picture.data.length));
  data.set(picture.data);
  return { ...picture, data };
}

/** A grey picture's first channel. */
function toMatte({ width, height, data }: Picture): Matte {
  const matte = createMatte(width, height);
  for (let i = 0; i < matte.data.length; i++) matte.data[i] = data[i * 4] as number;
  return matte;
}
