import {
  anonymise,
  createMatte,
  describeParameters,
  effects,
  FocalError,
  fromSceneJson,
  getEffect,
  type KnownPerson,
  type Matte,
  type Pick,
  type Picture,
  type Point,
  type Provenance,
  pickSubject,
  type ResolvedStep,
  type Scene,
  type SubjectsFact,
  toPlainCover,
  toSceneJson,
} from '@focal/core';
import { decodePicture } from '../canvas/decode.ts';
import { encodePicture } from '../canvas/encode.ts';
import { readKeptExif } from '../canvas/kept-exif.ts';
import { isOpaquePicture } from '../canvas/opaque.ts';
import type { PlanRunner } from '../threads/plan-runner.ts';
import { type CallContext, type Port, Transferred } from '../worker/messages.ts';
import { serveWorker } from '../worker/serve.ts';
import { createAssets } from './assets.ts';
import { createFonts, type FontUrls } from './fonts.ts';
import { type KeptRuns, type RunInput, type RunOptions, runRecipe, runSelection } from './kept-runs.ts';
import { readLook, writeLook } from './look-file.ts';
import { addScene, createSubject, fitPicture, getStage, type Photo, type Stage, type Subject } from './photo.ts';
import { type ResolvedLook, resolveLook, resolveSelection, takePick } from './resolve-look.ts';
import { chooseSmartLook, listMoods } from './smart-look.ts';
import type {
  AnonymisedStep,
  EffectInfo,
  ExportRequest,
  ExportResult,
  LookFile,
  LookRequest,
  Opened,
  Rendered,
  RenderRequest,
  Selected,
  SelectionRequest,
  Sized,
  SkippedRequest,
  SmartLook,
  SmartRequest,
} from './types.ts';
import { type NamedFile, zipFiles } from './zip.ts';

/** The methods of the effect worker. They work on the one photo that is open. */
export function createEffectHandlers(runner: PlanRunner, fontUrls?: FontUrls) {
  const fonts = createFonts(fontUrls);
  let photo: Photo | undefined;
  let known: readonly KnownPerson[] = [];
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
        ...(effect.on !== undefined && { on: effect.on }),
        ...(effect.order !== undefined && { order: effect.order }),
        ...(effect.layOut !== undefined && { writes: true }),
      }));
    },

    /** Decodes a photo and makes it the open one; the one before it stays open where this fails. */
    async open({ file, maxPixels }: { file: Blob; maxPixels?: number | undefined }): Promise<Opened> {
      const picture = toShared(await decodePicture(file, { maxPixels }), runner);
      const { width, height } = picture;
      photo = { picture, subject: createSubject({ version: 1, width, height, facts: [] }, known), stages: new Map() };
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
      const fact = { matte: share(matte), provenance: args.provenance };
      const { scene: before } = current.subject;
      const scene: Scene = { ...before, facts: [...new Set(['matte' as const, ...before.facts])], matte: fact };
      current.subject = createSubject(scene, known);
    },

    /** A scene out of its JSON. */
    readScene(json: string): Scene {
      return fromSceneJson(JSON.parse(json));
    },

    /** A scene as JSON, without what tells who is who. */
    writeScene(scene: Scene): string {
      return JSON.stringify(toSceneJson(scene));
    },

    /** Gives the open photo further facts. The matte that it has stays. */
    setScene(found: Scene): void {
      const current = getPhoto();
      const subjects = found.subjects?.subjects.map((subject) => ({
        ...subject,
        matte: { ...subject.matte, matte: share(subject.matte.matte) },
      }));
      const scene: Scene = {
        ...found,
        ...(found.subjects !== undefined && subjects !== undefined && { subjects: { ...found.subjects, subjects } }),
      };
      current.subject = createSubject(addScene(current.subject.scene, scene), known);
    },

    /** Takes other people for known, in all photos: see the selector `unknown-faces`. */
    setKnown(people: readonly KnownPerson[]): void {
      known = people;
      if (photo !== undefined) photo.subject = createSubject(photo.subject.scene, known);
    },

    /** A look out of the text of a recipe file, its steps in short form. Throws as `parseRecipe`. */
    readLook(text: string): LookFile {
      return readLook(text);
    },

    /** The text of a recipe file. */
    writeLook(look: LookFile): Promise<string> {
      return writeLook(look);
    },

    /** A look that suits what is known of the open photo. Throws as `chooseLook`. */
    chooseLook(request: SmartRequest): SmartLook {
      return chooseSmartLook(getPhoto().subject.scene, request);
    },

    /** The moods that a smart look may be asked for. Throws as `parseRules`. */
    moods({ rules }: { rules: unknown }): readonly string[] {
      return listMoods(rules);
    },

    /** What is at a point of the open photo, by its matte and what is known of its subjects; see `pickSubject`. */
    pick({ point, subjects }: { point: Point; subjects?: SubjectsFact | undefined }): Pick | undefined {
      const { picture, subject } = getPhoto();
      const { matte } = subject.scene;
      return pickSubject(picture, { ...(subjects && { subjects }), ...(matte && { matte }) }, point);
    },

    /** Whether there is anything at a point of the open photo that a correction by hand could add or take away. */
    canCorrect(point: Point): boolean {
      const current = getPhoto();
      return takePick(point, { picture: current.picture, subject: current.subject, share }) !== undefined;
    },

    /** How much of each pixel of the open photo a selector means, corrected by hand, in a size of the photo. */
    async selection({ on, corrections, longSide }: SelectionRequest): Promise<Transferred<Selected>> {
      const current = getPhoto();
      const { subject } = current;
      const found = resolveSelection(on, corrections, { picture: current.picture, subject, share });
      if ('reason' in found) return new Transferred<Selected>(found, []);
      const { selection, missed } = found;
      const { matte: coarse } = selection;
      if (coarse === undefined)
        return new Transferred<Selected>({ reason: 'All of the photo is meant.', missing: [] }, []);
      const stage = getStage(current, longSide, runner);
      const alpha = await runSelection(
        await stage.picture,
        { ...selection, matte: coarse },
        keptOf(subject, stage),
        runner,
      );
      const matte = { ...alpha, data: new Uint8Array(alpha.data) };
      return new Transferred<Selected>({ matte, missed }, [matte.data.buffer]);
    },

    /** Takes a further picture for effects, under an id of the caller's. Its file stays at hand, so that undo finds it. */
    async setAsset({ id, file }: { id: string; file: Blob }): Promise<void> {
      await assets.add(id, file);
    },

    /** Takes a font for effects that write, under an id of the caller's. */
    async setFont({ id, file }: { id: string; file: File }): Promise<void> {
      await fonts.add(id, file);
    },

    /** The photo as it was, no larger than asked for. */
    async original({ longSide }: Sized): Promise<Transferred<Rendered>> {
      const started = performance.now();
      return toRendered({ picture: await getStage(getPhoto(), longSide, runner).picture }, started);
    },

    /** The photo with a look, no larger than asked for. */
    async render(request: RenderRequest, { signal }: CallContext): Promise<Transferred<Rendered>> {
      const { background = false } = request;
      let started = performance.now();
      const onPrepared = (ms: number) => {
        started += ms;
      };
      const options = { signal, background, onPrepared };
      return toRendered(await render(getPhoto(), request, request.longSide, options), started);
    },

    /** The photo with a look in its full size, as a file. */
    async export(request: ExportRequest, context: CallContext): Promise<ExportResult> {
      const { signal } = context;
      const current = getPhoto();
      const full = getLongSide(current.picture);
      const onProgress = (done: number) => context.progress(0.1 + done * 0.6);
      const { picture, skipped, missed } = await renderAll(current, request, { signal, background: true, onProgress });
      const sized = await fitPicture(picture, request.longSide ?? full, runner, signal);
      const blob = await encodePicture(sized, {
        format: request.format,
        quality: request.quality,
        exif: await readKeptExif(request.metadata),
        signal,
        onProgress: (done) => context.progress(0.7 + done * 0.3),
      });
      return { blob, width: sized.width, height: sized.height, skipped, missed };
    },

    /** Each step of a look that hides somebody, with what came of it in the photo's full size. */
    async anonymised(request: LookRequest, { signal, progress }: CallContext): Promise<readonly AnonymisedStep[]> {
      const current = getPhoto();
      const { picture: original, subject } = current;
      const options = { signal, background: true };
      const rendered = await renderAll(current, request, { ...options, onProgress: (done) => progress(done * 0.6) });
      const { scene } = subject;
      const isWhole = rendered.picture.width === original.width && rendered.picture.height === original.height;
      const alone = (step: ResolvedStep, pictures: RunInput['pictures']) =>
        runRecipe({ picture: original, scene, steps: [step], pictures }, new Map(), runner, options);
      const hiding = rendered.steps.flatMap((step, i) =>
        step.effect === anonymise.name ? [{ step, index: rendered.places[i] as number }] : [],
      );
      const all: AnonymisedStep[] = [];
      for (const { step, index } of hiding) {
        const result = isWhole ? rendered.picture : await alone(step, rendered.pictures);
        const nothing = await alone(toPlainCover(step), {});
        all.push({ index, original, result, nothing, scene, step });
        progress(0.6 + (0.4 * all.length) / hiding.length);
      }
      return all;
    },

    /** Several files in one archive. */
    zip(files: readonly NamedFile[]): Promise<Blob> {
      return zipFiles(files);
    },
  };

  function share(matte: Matte): Matte {
    const shared = createMatte(matte.width, matte.height, { allocate: runner.allocate });
    shared.data.set(matte.data);
    return shared;
  }

  /** In full size. Throws `invalid-argument` where a step waits for what is to be found out. */
  async function renderAll(current: Photo, request: LookRequest, options: RunOptions): Promise<RenderedLook> {
    const rendered = await render(current, request, getLongSide(current.picture), options);
    // What leaves must not lack what is only not known yet: it may be what hides somebody.
    const waiting = rendered.skipped.find(({ missing }) => missing.length > 0);
    if (waiting === undefined) return rendered;
    throw new FocalError('invalid-argument', `Step ${waiting.index + 1} waits: ${waiting.reason}`, {
      hint: 'Let the photo be looked at first, or switch the step off.',
    });
  }

  async function render(
    current: Photo,
    request: LookRequest,
    longSide: number,
    options: RunOptions,
  ): Promise<RenderedLook> {
    const { subject } = current;
    const { steps: look, font } = request;
    const prepared = performance.now();
    const stage = getStage(current, longSide, runner);
    const picture = await stage.picture;
    const writes = look.some(({ effect, enabled }) => enabled && getEffect(effect).layOut !== undefined);
    const layOut = writes ? await fonts.layOut(font) : undefined;
    options.onPrepared?.(performance.now() - prepared);
    const input = { picture: current.picture, size: picture, subject, share, layOut };
    const resolved = resolveLook(request, input);
    const { steps } = resolved;
    const kept = keptOf(subject, stage);
    const ids = Object.fromEntries(steps.flatMap(({ assets: used }) => Object.values(used)).map((id) => [id, id]));
    const pictures = await assets.take(ids);
    // At full size it is computed beside other work, so that sliders stay quick meanwhile.
    const background = options.background === true || picture === current.picture;
    const work = { picture, scene: subject.scene, steps, pictures, font };
    return { ...resolved, pictures, picture: await runRecipe(work, kept, runner, { ...options, background }) };
  }
}

/** The photo with a look, and what that was made from. */
interface RenderedLook extends ResolvedLook {
  readonly picture: Picture;
  readonly pictures: RunInput['pictures'];
}

function getLongSide({ width, height }: Picture): number {
  return Math.max(width, height);
}

/** What was computed for the photo in this size. */
function keptOf(subject: Subject, stage: Stage): KeptRuns {
  const kept = subject.kept.get(stage) ?? new Map();
  subject.kept.set(stage, kept);
  return kept;
}

export type EffectHandlers = ReturnType<typeof createEffectHandlers>;

/** Makes the worker it is called in the effect worker. */
export function serveEffects(port: Port, runner: PlanRunner, fontUrls: FontUrls): void {
  serveWorker(port, createEffectHandlers(runner, fontUrls));
}

interface Result {
  readonly picture: Picture;
  readonly skipped?: readonly SkippedRequest[];
  readonly missed?: readonly string[];
}

/** A copy of the picture on its way to the page: it may be kept here, and the page takes no shared memory. */
function toRendered({ picture, skipped = [], missed = [] }: Result, started: number): Transferred<Rendered> {
  const { width, height, colorSpace } = picture;
  const data = new Uint8ClampedArray(picture.data);
  const isOpaque = isOpaquePicture({ data });
  const ms = performance.now() - started;
  return new Transferred({ data, width, height, colorSpace, isOpaque, skipped, missed, ms }, [data.buffer]);
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
