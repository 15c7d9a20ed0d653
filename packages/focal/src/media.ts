import {
  type Box,
  createRecipe,
  type ErrorData,
  type Face,
  type Fact,
  FocalError,
  findMainSubject,
  type InspectedFile,
  type MetadataChoice,
  type Picture,
  type Point,
  posterMs,
  type Recipe,
  type Scene,
  toErrorData,
} from '@focal/core';
import { type FilePath, type PreviewInput, suitsPreview, type Thumbnails, type VideoCut } from '@focal/node';
import { COVER_FACTS, type CoveredOnce, type Covering, coverAgain, coverEveryone, coverFaces } from './cover.ts';
import { checkEdit, edit, editPicture } from './edit.ts';
import type { Engine } from './engine.ts';
import { analyseStep, compact, decodeStep, type StepOptions } from './steps.ts';
import { stoppable } from './stoppable.ts';
import { type FoundFacts, gatherScenes, type InVideo, laterTimes } from './through-video.ts';
import type { OutputFormat } from './types.ts';

/** Where who and what is found: facts that need no large model. */
export interface FoundScene {
  readonly scene: FoundFacts;
  /** Where the eye should rest: of a video in the frame that stands for it. */
  readonly focalPoint: Point;
  /** Of a video that is not all there: what is missing. What is there was looked at. */
  readonly damage?: ErrorData;
  /** As that of {@link FocalMedia.preview}, where it was asked for. */
  readonly preview?: Uint8Array<ArrayBuffer>;
}

/** A face with the numbers that tell who it is. */
export type FoundFace = Omit<Face, 'vector'> & { readonly vector: Float32Array };

interface MediaOptions {
  readonly signal?: AbortSignal;
}

/** What a recipe makes of a photo, small: for the screen. */
export interface RenderedSmall {
  /** Of the picture in full, in pixels. */
  readonly width: number;
  readonly height: number;
  /** As those of {@link FocalMedia.thumbnails} and {@link FocalMedia.preview}. */
  readonly grid: Uint8Array<ArrayBuffer>;
  readonly preview: Uint8Array<ArrayBuffer>;
  /** What of the recipe could not be done with this photo. */
  readonly warnings: readonly string[];
}

/** What a recipe makes of a photo, as a file. */
export interface RenderedFile {
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
  readonly width: number;
  readonly height: number;
  readonly warnings: readonly string[];
}

/** Whose faces stay in a photo, and what else is to be known of it. */
export interface PhotoToCover extends Covering {
  /** What the file's bytes have to be: places of faces are those of this very picture. */
  readonly sha256: string;
  /** What the photo is shown as. */
  readonly recipe?: Recipe;
}

export interface RenderFileOptions extends MediaOptions {
  /** Default: as the photo, or PNG where parts may be transparent. */
  readonly format?: OutputFormat;
  readonly quality?: number;
  /** Default none. */
  readonly metadata?: MetadataChoice;
}

export interface MediaSource {
  /** A path, or the bytes of one that is no valid text. */
  readonly path: FilePath;
  readonly kind: 'photo' | 'video';
  /** Of videos: decides which frame stands for it, and how many are looked at. */
  readonly durationMs?: number | undefined;
  /** Of videos: a frame, in milliseconds from the start. Default the one that stands for it. */
  readonly atMs?: number | undefined;
}

/**
 * What a photo library asks of files, one after the other: what they are, small pictures of them, who and what they
 * show. All of it on threads; nothing is kept. Throws `not-found`, `permission`, `unsupported-format`, `corrupt-input`,
 * `too-large`, `aborted`.
 */
export interface FocalMedia {
  inspect(path: FilePath, options?: MediaOptions): Promise<InspectedFile>;
  /** @param sha256 what the file's bytes have to be; of photos only */
  thumbnails(source: MediaSource, options?: MediaOptions & { readonly sha256?: string }): Promise<Thumbnails>;
  /** WebP of at most 1440 pixels a side, upright, in sRGB. */
  preview(source: MediaSource, options?: MediaOptions): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Who and what is seen, of a video in up to 24 frames of it. Faces come with expressions and with the vectors that tell
   * who people are.
   * @param preview whether to make the preview too, for which the file need not always be decoded again
   */
  find(source: MediaSource, options?: MediaOptions & { readonly preview?: boolean }): Promise<FoundScene>;
  /** Square WebP of at most 256 pixels a side: a face with what is around it, upright. */
  facePicture(source: MediaSource, box: Box, options?: MediaOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The face in this part of a photo, looked for there alone; undefined where there is none. */
  faceIn(source: MediaSource, box: Box, options?: MediaOptions): Promise<FoundFace | undefined>;
  /** The faces of a picture, the largest first: the bytes of its file, or its path. */
  facesOf(picture: Uint8Array | string, options?: MediaOptions): Promise<readonly FoundFace[]>;
  /**
   * What a recipe makes of a photo, small. What it cannot do with this photo, such as corrections that were made for
   * another file, is left out with a warning. Throws `invalid-argument` for a video.
   */
  renderSmall(source: MediaSource, recipe: Recipe, options?: MediaOptions): Promise<RenderedSmall>;
  /**
   * A photo, or what a recipe makes of it, small and with faces covered by the effect `anonymize`, for people who are not
   * to see who is in it. Throws as `renderSmall`; `corrupt-input` where the file is not the one of `sha256`; never leaves
   * anything uncovered for want of a model. Some seconds.
   */
  coverSmall(source: MediaSource, photo: PhotoToCover, options?: MediaOptions): Promise<RenderedSmall>;
  /** The same in full, as a file. */
  renderFile(source: MediaSource, recipe: Recipe, options?: RenderFileOptions): Promise<RenderedFile>;
  /**
   * A copy of a video's pictures and sound for browsers, as they are stored, at a path that is free: no tags, places or
   * further tracks go along. Throws `unsupported-format` for what no browser plays, `no-space`.
   */
  copyVideo(source: MediaSource, path: string, options?: MediaOptions): Promise<CopiedMovie>;
}

export interface CopiedMovie {
  readonly format: 'mp4' | 'webm';
  /** What of the sound had to be left out or encoded anew, and where the file is broken, in words. */
  readonly warnings: readonly string[];
}

export type { Covering, FilePath, FoundFacts, InVideo, Thumbnails };

/** What is looked at around a box that somebody drew, in sides of it. */
const LOOK_AROUND = 2.4;
const FACE_FACTS: readonly Fact[] = ['faces', 'expressions', 'identities'];
const FACTS: readonly Fact[] = ['objects', 'faces', 'expressions', 'identities'];
const NOTHING_LATER = { frames: [], damage: undefined };

export function createMedia(engine: Engine): FocalMedia {
  function run<T>(work: () => Promise<T>): Promise<T> {
    return engine.during(work);
  }

  /** The picture, and what its preview is made from for the least. */
  async function open(
    source: MediaSource,
    options: Pick<StepOptions, 'signal' | 'lease'>,
  ): Promise<{ readonly picture: Picture; readonly from: PreviewInput['source'] }> {
    if (source.kind === 'video') {
      const picture = await readFrame(source);
      return { picture, from: { picture } };
    }
    const decoded = await decodeStep(engine, await toInput(source.path), options);
    const { picture, hasAlpha } = decoded;
    return { picture, from: suitsPreview(decoded) ? { picture, hasAlpha } : { path: source.path } };
  }

  async function findFaces(picture: Picture, signal: AbortSignal | undefined): Promise<readonly FoundFace[]> {
    const { scene } = await analyseStep(engine, picture, FACE_FACTS, { signal });
    return (scene.faces?.faces ?? []).flatMap(({ vector, ...face }) =>
      vector === undefined ? [] : [{ ...face, vector }],
    );
  }

  async function readFrame({ path, durationMs = 0, atMs = posterMs(durationMs) }: MediaSource): Promise<Picture> {
    return engine.video().run('video-frame', { path: assertText(path), at: atMs / 1000 });
  }

  /** What the rest of a video shows, as far as it can be read, and what is missing. */
  async function lookThrough(source: MediaSource, signal: AbortSignal | undefined) {
    const frames: { readonly atMs: number; readonly scene: Scene }[] = [];
    const cut = await engine.video().run('video-cut', { path: assertText(source.path) }, { signal });
    let damage = cut && toErrorData(describeCut(cut));
    for (const atMs of laterTimes(source.durationMs ?? 0)) {
      try {
        const picture = await readFrame({ ...source, atMs });
        frames.push({ atMs, scene: (await analyseStep(engine, picture, FACTS, { signal })).scene });
      } catch (error) {
        // What comes after a broken part is no better.
        if (!(error instanceof FocalError) || error.code !== 'corrupt-input') throw error;
        damage ??= toErrorData(error);
        break;
      }
    }
    return { frames, damage };
  }

  async function makePreview(source: PreviewInput['source'], signal: AbortSignal | undefined) {
    return engine.pixels().run('preview', { source, maxPixels: engine.maxPixels }, { signal });
  }

  async function makeSmall(picture: Picture, signal: AbortSignal | undefined) {
    const from = { source: { picture }, maxPixels: engine.maxPixels };
    const [{ grid }, preview] = await Promise.all([
      engine.pixels().run('thumbnails', from, { signal }),
      makePreview({ picture }, signal),
    ]);
    return { width: picture.width, height: picture.height, grid, preview };
  }

  return {
    inspect: (path, { signal } = {}) =>
      run(async () => {
        const found = await engine.pixels().run('inspect-media', { path }, { signal });
        if (found.kind === 'photo') return found;
        const { format, width, height, durationMs, capture } = await engine
          .video()
          .run('inspect-movie', { path: assertText(path) }, { signal });
        return { ...found, format, width, height, durationMs, capture };
      }),
    thumbnails: (source, { signal, sha256 } = {}) =>
      run(async () => {
        const { maxPixels } = engine;
        const from = source.kind === 'video' ? { picture: await readFrame(source) } : { path: source.path };
        const input = { source: from, maxPixels, ...(sha256 !== undefined && source.kind === 'photo' && { sha256 }) };
        return engine.pixels().run('thumbnails', input, { signal });
      }),
    preview: (source, { signal } = {}) =>
      run(async () => {
        const from = source.kind === 'video' ? { picture: await readFrame(source) } : { path: source.path };
        return makePreview(from, signal);
      }),
    find: (source, { signal, preview: withPreview = false } = {}) =>
      run(async () => {
        // Ended only when all went well: after an error a thread may still be at work on it.
        const lease = engine.memory.lend();
        const { picture, from } = await open(source, { signal, lease });
        const [{ scene }, preview] = await Promise.all([
          analyseStep(engine, picture, FACTS, { signal, lease }),
          withPreview ? makePreview(from, signal) : undefined,
        ]);
        lease.end();
        const { frames, damage } = source.kind === 'video' ? await lookThrough(source, signal) : NOTHING_LATER;
        return {
          scene: frames.length === 0 ? scene : gatherScenes(scene, frames),
          focalPoint: toFocalPoint(scene),
          ...(damage && { damage }),
          ...(preview && { preview }),
        };
      }),
    facePicture: (source, box, { signal } = {}) =>
      run(async () => {
        const from = source.kind === 'video' ? { picture: await readFrame(source) } : { path: source.path };
        return engine.pixels().run('face-picture', { source: from, box, maxPixels: engine.maxPixels }, { signal });
      }),
    faceIn: (source, box, { signal } = {}) =>
      run(async () => {
        const { picture: whole } = await open(source, { signal });
        const region = toRegion(box, whole);
        const picture = await engine.pixels().run('crop', { picture: whole, region }, { signal });
        const faces = (await findFaces(picture, signal)).map((face) => ({
          ...face,
          box: {
            x: (region.x + face.box.x * region.width) / whole.width,
            y: (region.y + face.box.y * region.height) / whole.height,
            width: (face.box.width * region.width) / whole.width,
            height: (face.box.height * region.height) / whole.height,
          },
        }));
        // The one whose middle is nearest that of the box, and within it.
        const [nearest] = faces
          .map((face) => ({ face, distance: distanceToMiddle(face.box, box) }))
          .filter(({ distance }) => distance <= 0.5)
          .sort((a, b) => a.distance - b.distance);
        return nearest?.face;
      }),
    facesOf: (input, { signal } = {}) =>
      run(async () => findFaces((await decodeStep(engine, input, { signal })).picture, signal)),
    renderSmall: (source, recipe, { signal } = {}) =>
      run(async () => {
        const options = { lenient: true, ...(signal !== undefined && { signal }) };
        const input = await toPhoto(source);
        return editPicture(engine, input, checkEdit(recipe, options), options, async (picture, warnings) => ({
          ...(await makeSmall(picture, signal)),
          warnings,
        }));
      }),
    coverSmall: (source, { sha256, recipe = createRecipe([]), ...covering }, { signal } = {}) =>
      run(async () => {
        const input = await toPhoto(source);
        const bytes = typeof input === 'string' ? input : compact(input);
        if ((await engine.pixels().run('hash-file', { source: bytes }, { signal })) !== sha256) {
          throw new FocalError('corrupt-input', 'The file is not the one that was imported.', {
            hint: 'Look through its folder again.',
          });
        }
        const options = { lenient: true, ...(signal !== undefined && { signal }) };
        let once: CoveredOnce | undefined;
        const cover = async (picture: Picture, scene: Scene): Promise<Picture> => {
          once = await coverFaces(engine, picture, scene, covering, { signal });
          return once.picture;
        };
        const finish = async (picture: Picture, warnings: readonly string[]): Promise<RenderedSmall> => {
          if (once === undefined) throw new Error('Expected the faces to be covered by now.');
          const isSamePlace = recipe.look.steps.length === 0;
          return {
            ...(await makeSmall(await coverAgain(engine, picture, once, isSamePlace, { signal }), signal)),
            warnings,
          };
        };
        const drawOther = (picture: Picture) => coverEveryone(engine, picture, { signal });
        const first = { facts: COVER_FACTS, draw: cover, drawOther };
        return editPicture(engine, input, checkEdit(recipe, options), options, finish, first);
      }),
    renderFile: (source, recipe, options = {}) =>
      run(async () => {
        const choices = { lenient: true, report: false, ...options };
        const input = await toPhoto(source);
        const { bytes, format, width, height, warnings } = await edit(
          engine,
          input,
          checkEdit(recipe, choices),
          choices,
        );
        return { bytes, format, width, height, warnings };
      }),
    copyVideo: async ({ path, kind }, output, { signal } = {}) => {
      if (kind !== 'video') throw new FocalError('invalid-argument', 'Expected a video, got a photo.');
      const input = assertText(path);
      return stoppable(signal, (stop) => run(() => engine.video().run('copy-movie', { input, output, stop })));
    },
  };
}

function describeCut({ after, end }: VideoCut): FocalError {
  const text = `The video is cut off: its file ends after ${toClock(after)} of ${toClock(end)}.`;
  return new FocalError('corrupt-input', text, { hint: 'Copy it again from where it came from.' });
}

/** Minutes and seconds: "1:07". */
function toClock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** The part of a picture around a box, in whole pixels. */
function toRegion({ x, y, width, height }: Box, picture: Picture) {
  const [w, h] = [width * LOOK_AROUND * picture.width, height * LOOK_AROUND * picture.height];
  const left = Math.max(0, Math.floor((x + width / 2) * picture.width - w / 2));
  const top = Math.max(0, Math.floor((y + height / 2) * picture.height - h / 2));
  const right = Math.min(picture.width, Math.ceil((x + width / 2) * picture.width + w / 2));
  const bottom = Math.min(picture.height, Math.ceil((y + height / 2) * picture.height + h / 2));
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** How far the middle of a face is from that of a box, in sides of the box. */
function distanceToMiddle(face: Box, box: Box): number {
  const across = (face.x + face.width / 2 - box.x - box.width / 2) / box.width;
  const down = (face.y + face.height / 2 - box.y - box.height / 2) / box.height;
  return Math.max(Math.abs(across), Math.abs(down));
}

/** On the faces, else on the largest thing, else in the middle. */
function toFocalPoint(scene: Scene): Point {
  const faces = scene.faces?.faces ?? [];
  if (faces.length > 0) return findMainSubject({ faces }).focalPoint;
  const [largest] = [...(scene.objects?.objects ?? [])].sort(
    (a, b) => b.box.width * b.box.height * b.score - a.box.width * a.box.height * a.score,
  );
  if (largest === undefined) return { x: 0.5, y: 0.5 };
  const { x, y, width, height } = largest.box;
  return { x: x + width / 2, y: y + height / 2 };
}

/** Threads read paths that are text; other files are read here. */
async function toInput(path: FilePath): Promise<string | Uint8Array> {
  if (typeof path === 'string') return path;
  const { readFile } = await import('node:fs/promises');
  return readFile(Buffer.from(path.buffer, path.byteOffset, path.byteLength));
}

async function toPhoto({ path, kind }: MediaSource): Promise<string | Uint8Array> {
  if (kind === 'photo') return toInput(path);
  throw new FocalError('invalid-argument', 'Expected a photo, got a video: recipes are for photos.');
}

function assertText(path: FilePath): string {
  if (typeof path === 'string') return path;
  throw new FocalError('unsupported-format', 'Expected a video whose name is valid UTF-8.', {
    hint: 'Rename the file.',
  });
}
