import { createPicture, FocalError, type Picture, type Recipe, type SaliencyFact, type Scene } from '@focal/core';
import { catalogue, getModel } from '@focal/models';
import {
  createDiskCache,
  createNodeModelStore,
  describeSource,
  findHome,
  installHint,
  modelsFolder,
  prepareOwnModel,
  pullModel,
  removePulledModel,
  saveFile,
} from '@focal/node';
import { readAbout } from './about.ts';
import { analyseFile, checkFacts } from './analyse-file.ts';
import { checkDecodeChoice, checkEncodeOptions, checkFocalOptions } from './check-options.ts';
import { checkEdit, edit } from './edit.ts';
import { createEngine, type Engine } from './engine.ts';
import { createGate } from './gate.ts';
import { know } from './know.ts';
import { openLive } from './live.ts';
import { createMedia } from './media.ts';
import { checkPoint, pickFile, pickStep } from './pick-file.ts';
import { createTrack } from './progress.ts';
import { toRecipe } from './recipe.ts';
import { smartEdit } from './smart.ts';
import {
  analyseStep,
  decodeStep,
  encodeStep,
  keptExifStep,
  matteOf,
  refineStep,
  renderStep,
  resolveStep,
} from './steps.ts';
import type { Focal, FocalOptions, ModelStatus, Progress, WorkOptions } from './types.ts';
import { createVideo } from './video.ts';

/**
 * Focal for this process. Nothing starts before the first use, but for models of your own being tried. Throws
 * `invalid-argument`, and for such models `not-found`, `permission`, `too-large` and `model-invalid`.
 *
 * @example
 * await using focal = await createFocal();
 * const { bytes } = await focal.edit('photo.jpg', 'cutout');
 * await focal.saveFile('photo-cutout.png', bytes);
 */
export async function createFocal(options: FocalOptions = {}): Promise<Focal> {
  checkFocalOptions(options);
  const { cache: cacheFolder } = findHome(options.home);
  const own = await Promise.all(
    Object.entries(options.models ?? {}).map(([task, path]) => prepareOwnModel(task, path, { cacheFolder })),
  );
  const engine = createEngine(options, own);
  // Pictures in the works at a time: one is decoded while the model looks at another.
  const gate = createGate(options.together ?? (engine.profile === 'low-memory' ? 1 : 2));

  return {
    video: createVideo(engine),
    media: createMedia(engine),
    live: (liveOptions) => openLive(engine, liveOptions),
    async decode(input, work = {}) {
      checkDecodeChoice(work);
      const { colorSpace = 'keep' } = work;
      return step(engine, 'read', work, (watch) => decodeStep(engine, input, watch, { colorSpace }));
    },
    async analyse(picture, facts, work = {}) {
      checkPicture(picture);
      checkFacts(facts);
      return step(engine, 'analyse', work, async (watch) => (await analyseStep(engine, picture, facts, watch)).scene);
    },
    async analyseFile(input, facts, work = {}) {
      checkFacts(facts);
      const leave = await gate.enter(work.signal);
      try {
        return await engine.during(() => analyseFile(engine, input, facts, work));
      } finally {
        leave();
      }
    },
    async pick(picture, scene, point, { signal } = {}) {
      checkPicture(picture);
      checkPoint(point);
      return engine.during(() => pickStep(engine, picture, scene, point, signal));
    },
    async pickFile(input, point, work = {}) {
      checkPoint(point);
      const leave = await gate.enter(work.signal);
      try {
        return await engine.during(() => pickFile(engine, input, point, work));
      } finally {
        leave();
      }
    },
    async drawOverlay(picture, scene, { signal } = {}) {
      checkPicture(picture);
      return engine.during(() => engine.pixels().run('overlay', { picture, scene }, { signal }));
    },
    async drawSaliency(scene, { signal } = {}) {
      const { width, height } = scene;
      const spec = { saliency: saliencyOf(scene), width, height };
      return engine.during(() => engine.pixels().run('full-map', spec, { signal }));
    },
    async drawHeat(picture, scene, { signal } = {}) {
      checkPicture(picture);
      const saliency = saliencyOf(scene);
      return engine.during(() => engine.pixels().run('heat', { picture, saliency }, { signal }));
    },
    async crop(picture, region, { signal } = {}) {
      checkPicture(picture);
      return engine.during(() => engine.pixels().run('crop', { picture, region }, { signal }));
    },
    async render(picture, scene, effect, params = {}, work = {}) {
      checkPicture(picture);
      const { assets = {}, known, lenient, font } = work;
      const recipe = toRecipe(effect, { params, assets, ...(work.on !== undefined && { on: work.on }) });
      const options = {
        ...(known !== undefined && { known }),
        ...(lenient !== undefined && { lenient }),
        ...(font !== undefined && { font }),
      };
      return step(engine, 'render', work, async (watch) => {
        const { steps } = await resolveStep(engine, picture, scene, recipe, options, watch);
        return renderStep(engine, picture, scene, steps, assets, watch);
      });
    },
    async refineMatte(picture, scene, work = {}) {
      checkPicture(picture);
      return step(engine, 'render', work, (watch) => refineStep(engine, picture, matteOf(scene).matte, watch));
    },
    async encode(image, work = {}) {
      checkEncodeOptions(work);
      const { format = 'png', quality, metadata = 'none', of } = work;
      return step(engine, 'encode', work, async (watch) => {
        const exif = of === undefined ? undefined : await keptExifStep(engine, of, metadata, watch);
        return encodeStep(engine, image, { format, exif, ...(quality !== undefined && { quality }) }, watch);
      });
    },
    async edit(input, what, work = {}) {
      const recipe: Recipe = checkEdit(what, work);
      const leave = await gate.enter(work.signal);
      try {
        return await engine.during(() => edit(engine, input, recipe, work));
      } finally {
        leave();
      }
    },
    async smart(input, work = {}) {
      const leave = await gate.enter(work.signal);
      try {
        return await engine.during(() => smartEdit(engine, input, work));
      } finally {
        leave();
      }
    },
    know: (people, { signal } = {}) => engine.during(() => know(engine, people, signal)),
    models: () => readModels(engine),
    pullModel: async (id, pullOptions = {}) =>
      pullModel(getModel(id), { ...pullOptions, modelsFolder: modelsFolder(engine.home) }),
    removeModel: async (id) => removePulledModel(getModel(id), modelsFolder(engine.home)),
    async device() {
      const { device, tried } = await engine.inference().run('device', undefined);
      return { device, tried, threads: engine.threads, profile: engine.profile };
    },
    async prepare(facts) {
      await engine.inference().run('prepare', { facts });
    },
    async modelPath(id) {
      const modelId = getModel(id).id;
      return engine.pixels().run('model-path', { modelId, store: engine.storeOptions });
    },
    saveFile: (path, bytes, saveOptions = {}) => saveFile(path, bytes, saveOptions),
    about: () => readAbout(engine),
    cache: () => createDiskCache({ folder: engine.home.cache }).report(),
    clearCache: () => createDiskCache({ folder: engine.home.cache }).clear(),
    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

/** One stage as the whole work of a call. */
async function step<T>(
  engine: Engine,
  stage: Progress['stage'],
  { signal, onProgress }: WorkOptions,
  work: (watch: { readonly signal: AbortSignal | undefined; onShare(share: number): void }) => Promise<T>,
): Promise<T> {
  const track = createTrack(onProgress, 'stage');
  const watch = { signal, onShare: (share: number) => track.report(stage, share) };
  return engine.during(() => track.time(stage, () => work(watch)));
}

function checkPicture(picture: Picture): void {
  createPicture(picture.width, picture.height, { data: picture.data });
}

function saliencyOf({ saliency }: Scene): SaliencyFact {
  if (saliency !== undefined) return saliency;
  throw new FocalError('invalid-argument', 'Expected a scene with its saliency, got one without.', {
    hint: 'Analyse the photo for the fact saliency.',
  });
}

async function readModels(engine: Engine): Promise<readonly ModelStatus[]> {
  const store = createNodeModelStore(engine.storeOptions);
  return Promise.all(
    catalogue.map(async (entry) => {
      const { id, task, title, licence, origin, bytes, sha256 } = entry;
      const facts = { id, task, title, licence, origin, bytes, sha256, source: describeSource(entry) };
      if (await store.has(id)) return { ...facts, state: 'ready' as const };
      const state = entry.source.kind === 'download' ? ('available' as const) : ('missing' as const);
      return { ...facts, state, hint: installHint(entry) };
    }),
  );
}
