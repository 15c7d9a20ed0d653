import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import {
  checkSteps,
  createThreadCache,
  cropPicture,
  drawHeat,
  drawOverlay,
  FocalError,
  pickSubject,
  resolveRecipe,
  toFullMap,
  trimToSubject,
} from '@focal/core';
import { derivedKey, getModel, toRunnableOnnx } from '@focal/models';
import { decodePicture } from '../codec/decode.ts';
import { encodePicture, withExif } from '../codec/encode.ts';
import { readKeptExif } from '../codec/kept-exif.ts';
import { joinPng } from '../codec/png.ts';
import { toFileError } from '../files/file-error.ts';
import { inspectMedia } from '../media/inspect.ts';
import { makeFacePicture, makePreview, makeThumbnails } from '../media/thumbnails.ts';
import { createNodeModelStore, type NodeModelStoreOptions } from '../models/model-store.ts';
import { createSceneCache, type SceneCache } from '../scenes/scene-cache.ts';
import { createFonts } from '../text/fonts.ts';
import type { PixelJobs } from './pixel-jobs.ts';
import { runShare } from './plan-share.ts';
import { buildPlan, clearFirst, rebuildPicture, replayAllocations } from './plan-spec.ts';
import { type Priority, takePriority } from './priority.ts';
import { serveJobs } from './worker-main.ts';

takePriority(workerData as Priority);

const fonts = createFonts();
const cache = createThreadCache();

serveJobs<PixelJobs>({
  async decode({ source, options }) {
    const bytes = typeof source === 'string' ? await readSource(source) : source;
    return { result: await decodePicture(bytes, options) };
  },
  async 'hash-file'({ source }) {
    const bytes = typeof source === 'string' ? await readSource(source) : source;
    return { result: createHash('sha256').update(bytes).digest('hex') };
  },
  async 'inspect-media'({ path }) {
    return { result: await inspectMedia(path) };
  },
  async thumbnails(input) {
    return { result: await makeThumbnails(input) };
  },
  async preview(input) {
    return hand(await makePreview(input));
  },
  async 'face-picture'(input) {
    return hand(await makeFacePicture(input));
  },
  async encode({ image, options }) {
    const bytes = await encodePicture(image, options);
    return hand(bytes);
  },
  async 'join-png'({ bands, exif }) {
    return hand(withExif(joinPng(bands), 'png', exif));
  },
  async 'kept-exif'({ source, choice }) {
    const bytes = typeof source === 'string' ? await readSource(source) : source;
    return { result: await readKeptExif(bytes, choice) };
  },
  async trim({ picture, margin }) {
    return { result: trimToSubject(picture, margin) };
  },
  async crop({ picture, region }) {
    return { result: cropPicture(picture, region) };
  },
  async 'resolve-recipe'({ recipe, picture, scene, options, font }) {
    const writes = checkSteps(recipe).some(({ effect }) => effect.layOut !== undefined);
    const layOut = writes ? { layOut: await fonts.layOut(font) } : {};
    return { result: resolveRecipe(recipe, rebuildPicture(picture), scene, { ...options, ...layOut }) };
  },
  async share({ spec, buffers, unclear, control, threads }, report) {
    const { passes } = buildPlan(spec, replayAllocations(buffers), cache);
    return { result: runShare(clearFirst(passes, unclear), control, threads, report) };
  },
  async 'model-path'({ modelId, store: options }) {
    const store = createNodeModelStore(options);
    const entry = getModel(modelId);
    // Also where it is cached from before: a model that was taken away is not to be used.
    if (!(await store.has(modelId))) await store.read(modelId);
    const onnx = await store.derived(derivedKey(entry), async () => toRunnableOnnx(entry, await store.read(modelId)));
    if (typeof onnx === 'string') return { result: onnx };
    throw new FocalError('permission', 'The model could not be written to the cache folder.', {
      hint: 'Check the rights of the folder and the room on its disk.',
    });
  },
  async 'recall-scene'({ source, store }) {
    const scenes = openScenes(store);
    const key = await scenes.keyOf(typeof source === 'string' ? await readSource(source) : source);
    const scene = await scenes.read(key);
    return { result: scene === undefined ? { key } : { key, scene } };
  },
  async 'keep-scene'({ key, scene, store }) {
    await openScenes(store).keep(key, scene);
    return { result: undefined };
  },
  async overlay({ picture, scene }) {
    return { result: drawOverlay(rebuildPicture(picture), scene) };
  },
  async pick({ picture, scene, point }) {
    return { result: pickSubject(rebuildPicture(picture), scene, point) };
  },
  async 'full-map'({ saliency, width, height }) {
    return { result: toFullMap(saliency, width, height) };
  },
  async heat({ picture, saliency }) {
    return { result: drawHeat(rebuildPicture(picture), saliency) };
  },
});

function openScenes(options: NodeModelStoreOptions): SceneCache {
  const store = createNodeModelStore(options);
  return createSceneCache({ cache: store.cache, store });
}

/** Handed over instead of copied, where the bytes fill their buffer. */
function hand(bytes: Uint8Array<ArrayBuffer>) {
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  return { result: whole, transfer: [whole.buffer] };
}

async function readSource(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw toFileError(error, 'read', path);
  }
}
