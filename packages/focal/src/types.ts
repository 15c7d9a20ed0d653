import type {
  AnonymiseReport,
  ColorSpace,
  Fact,
  KnownPerson,
  Matte,
  MatteFact,
  MetadataChoice,
  Pick as Picked,
  Picture,
  Point,
  Provenance,
  Recipe,
  Region,
  Scene,
  Selector,
  SmartChoice,
  SmartOptions,
  TaggedBackground,
} from '@focal/core';
import type { Device, MemoryProfile, OwnTask } from '@focal/models';
import type { PulledModel, PullProgress } from '@focal/node';
import type { LiveFocus, LiveOptions } from './live.ts';
import type { FocalMedia } from './media.ts';
import type { FocalVideo } from './video.ts';

export interface FocalOptions {
  /** `auto` takes the best that works; a named device that is not there throws `device-unavailable`. */
  readonly device?: 'auto' | 'cpu' | 'webgpu' | 'cuda';
  /** Threads for inference and for pixel work each. Default: the machine's cores, at most 8. */
  readonly threads?: number;
  /** Where caches and pulled models live. Default: FOCAL_HOME, else the system's usual places. */
  readonly home?: string;
  /** `auto` takes `low-memory` where under 8 GB are free. */
  readonly profile?: MemoryProfile | 'auto';
  /**
   * `low`: on Linux, threads that compute stand behind everything else on the machine, such as the thread of a server
   * that answers meanwhile. Default `normal`.
   */
  readonly priority?: 'normal' | 'low';
  /** Pictures with more pixels are refused before decoding. Default 100 million. */
  readonly maxPixels?: number;
  /** Pictures in the works at a time; what more is asked for waits. Default 2, in low memory 1. */
  readonly together?: number;
  /** Ids of models to be treated as not installed, such as `isnet-medium` to have people cut out by `selfie`. */
  readonly withoutModels?: readonly string[];
  /**
   * Models of your own by task, in place of Focal's: paths of `.onnx`, `.tflite`, or the `model.json` of TensorFlow.js.
   * They are tried in a process of their own before anything else runs; one that does not fit throws `model-invalid`.
   */
  readonly models?: Readonly<Partial<Record<OwnTask, string>>>;
}

/** Encoded bytes, or a path, which a worker reads. Bytes on a SharedArrayBuffer are not copied on their way to it. */
export type Input = Uint8Array | string;

export type InputFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif' | 'heic';
export type OutputFormat = 'png' | 'webp' | 'avif' | 'jpeg' | 'tiff';

/** What was in the file, after decoding: upright, sRGB or Display P3, 8 bit. */
export interface Decoded {
  readonly picture: Picture;
  readonly format: InputFormat;
  readonly hasAlpha: boolean;
}

export interface DecodeChoice {
  /** `keep` (default): Display P3 stays, everything else becomes sRGB. */
  readonly colorSpace?: 'keep' | ColorSpace;
}

export interface WorkOptions {
  /** Rejects at once with `aborted`; work already on a thread is dropped when it ends. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly stage: 'read' | 'model' | 'analyse' | 'render' | 'encode';
  /** Share of the whole work done, 0..1, never falling. */
  readonly done: number;
}

export interface EncodeOptions {
  /** Default: png where the picture may have transparency, else the input's own format, else jpeg. */
  readonly format?: OutputFormat;
  /** 1..100 for the lossy formats. Default 90 (avif 60). */
  readonly quality?: number;
}

/** What is kept of the metadata of the file that a picture comes from. */
export interface MetadataOfFile {
  readonly metadata?: MetadataChoice;
  /** The file. Without it nothing is kept. */
  readonly of?: Input;
}

/** Pictures of one person. */
export interface PersonPictures {
  readonly name: string;
  readonly pictures: readonly Input[];
}

/** Whom an edit is about. */
export interface TargetOptions {
  /** Leave steps out that name somebody who is not in the picture, with a warning, instead of throwing. Default false. */
  readonly lenient?: boolean;
  /** Path of a font (TTF, OTF) for characters that the bundled Noto Sans has not: other scripts than Latin, Greek, Cyrillic. */
  readonly font?: string;
  /** Who is known, for steps that act on everybody else. */
  readonly known?: readonly KnownPerson[];
}

/** One effect, where no recipe is given. */
export interface EffectOptions {
  /** Parameters by the effect's schema; unknown ones are refused. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Whom or what it acts on; default: the effect's own. Also in short form, such as `person-2` or `background`. */
  readonly on?: Selector | string;
}

export interface EditOptions extends WorkOptions, EncodeOptions, TargetOptions, EffectOptions {
  /** Further pictures by name, such as the new background: by the effect's names for them, or by the recipe's. */
  readonly assets?: Readonly<Record<string, Input>>;
  /**
   * `picture` (default), the refined `matte` of what the first step acts on in full size, or the `model-matte` as the
   * model gave it; both grey.
   */
  readonly output?: 'picture' | 'matte' | 'model-matte';
  /** Whether results that hide somebody are attacked, and reported on. Default true. */
  readonly report?: boolean;
  /** Crop to what is visible, with this margin as a fraction of the longer side of the subject. Cut-outs only. */
  readonly trim?: number;
  /**
   * What of the input's EXIF goes into the result: nothing (`none`, default), camera, time, exposure, description,
   * author and copyright (`no-location`), or where it was taken too (`all`). Thumbnails, maker's notes, XMP and IPTC never
   * do, and mattes take nothing.
   */
  readonly metadata?: MetadataChoice;
}

export interface Edited {
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
  readonly width: number;
  readonly height: number;
  /** What was done: it gives the same picture again. */
  readonly recipe: Recipe;
  /** Models used, and the sentence for the user where a fallback was taken. */
  readonly provenance: Provenance;
  /** Sentences for the user: steps that were left out, and why. */
  readonly warnings: readonly string[];
  /** Of steps that hide: what Focal found when it attacked the result. */
  readonly reports: readonly AnonymiseReport[];
  readonly device: Device;
  /** Milliseconds by stage. */
  readonly timings: Readonly<Partial<Record<Progress['stage'], number>>>;
}

/** A background of the user's for {@link Focal.smart}, with words for what it shows. */
export interface OwnBackground extends TaggedBackground {
  readonly picture: Input;
}

export interface SmartEditOptions
  extends Omit<SmartOptions, 'backgrounds'>,
    WorkOptions,
    EncodeOptions,
    globalThis.Pick<EditOptions, 'font' | 'metadata'> {
  readonly backgrounds?: readonly OwnBackground[];
}

export interface SmartEdited extends Edited {
  /** The look that was chosen, and why. */
  readonly choice: SmartChoice;
}

export interface AnalyseFileOptions extends WorkOptions {
  /** Whether scenes are taken from the cache and kept there, by the content of the file. Default true. */
  readonly cache?: boolean;
  /** Return the decoded picture too; it is decoded in any case where a fact is missing. */
  readonly withPicture?: boolean;
}

export interface AnalysedFile {
  /** Holds the facts that were asked for and those they rest on. */
  readonly scene: Scene;
  /** With `withPicture`. */
  readonly picture?: Picture;
  /** With `withPicture`: how to keep results of this picture where nothing is asked for, without losing transparency. */
  readonly format?: OutputFormat;
  /** Facts that the cache held. */
  readonly recalled: readonly Fact[];
  /** Milliseconds by stage. */
  readonly timings: Readonly<Partial<Record<Progress['stage'], number>>>;
}

/** What is at a point of a photo, and all that it takes to cut it out. */
export interface PickedFile extends Omit<AnalysedFile, 'picture'> {
  readonly pick: Picked;
  readonly picture: Picture;
  /** The scene with the pick in place of its matte: a cut-out of it cuts out what was picked. */
  readonly picked: Scene & { readonly matte: MatteFact };
}

export interface ModelStatus {
  readonly id: string;
  readonly task: string;
  readonly title: string;
  readonly licence: string;
  /** Where the weights come from. */
  readonly origin: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Where its file comes from: an npm package with its version, or an address. */
  readonly source: string;
  /** `available`: not bundled, but there for {@link Focal.pullModel}. */
  readonly state: 'ready' | 'missing' | 'available';
  /** What to do when it is not ready. */
  readonly hint?: string;
}

export interface PullOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
  /** A mirror: the address of the file itself, or ending in `/`, of the folder it lies in. */
  readonly from?: string;
}

export interface DeviceReport {
  readonly device: Device;
  readonly threads: number;
  readonly profile: MemoryProfile;
  /** What was tried before it, with the reason it did not work. */
  readonly tried: readonly { readonly device: Device; readonly reason: string }[];
}

/** What this Focal is made of and where it keeps things: for `doctor` and bug reports. */
export interface About {
  /** Version by name: focal, node, onnxruntime, sharp, libvips, libheif. `missing` where it cannot be loaded. */
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly cores: number;
  readonly threads: number;
  readonly profile: MemoryProfile;
  /** Bytes that this process could still take. */
  readonly freeMemoryBytes: number;
  readonly cacheFolder: string;
  readonly dataFolder: string;
  readonly maxPixels: number;
}

export interface CacheReport {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** Files go, the least recently used first, before it grows past this. */
  readonly maxBytes: number;
}

/**
 * Focal in this process: owns the worker threads and the loaded models. Nothing is started before the first use.
 * `close()` ends them all and is idempotent; use after it throws `closed`.
 */
export interface Focal extends AsyncDisposable {
  /** Videos. */
  readonly video: FocalVideo;
  /** Files of a photo library. */
  readonly media: FocalMedia;
  /** A session that keeps one subject sharp in frames that come one after another. The caller closes it. */
  live(options?: LiveOptions): LiveFocus;
  decode(input: Input, options?: WorkOptions & DecodeChoice): Promise<Decoded>;
  analyse(picture: Picture, facts: readonly Fact[], options?: WorkOptions): Promise<Scene>;
  /**
   * Bytes or path in, scene out. Scenes are kept by the content of the file, without the vectors that tell who people
   * are: the second look at the same file takes milliseconds.
   */
  analyseFile(input: Input, facts: readonly Fact[], options?: AnalyseFileOptions): Promise<AnalysedFile>;
  /**
   * The subject at a point, given in fractions of the upright picture: one of the scene's subjects, a part of its matte,
   * or what grows from the point. Nothing where there is no subject, such as on a wall. Throws `invalid-argument` where
   * the point lies outside.
   */
  pick(
    picture: Picture,
    scene: Scene,
    point: Point,
    options?: Pick<WorkOptions, 'signal'>,
  ): Promise<Picked | undefined>;
  /** The whole way from bytes or path to what is at a point. Throws `not-found` where there is no subject. */
  pickFile(input: Input, point: Point, options?: Omit<AnalyseFileOptions, 'withPicture'>): Promise<PickedFile>;
  /** The picture with the scene's boxes, labels, mattes and face points drawn onto it. */
  drawOverlay(picture: Picture, scene: Scene, options?: Pick<WorkOptions, 'signal'>): Promise<Picture>;
  /** The evidence of the scene's saliency in the picture's size. Throws `invalid-argument` where it has none. */
  drawSaliency(scene: Scene, options?: Pick<WorkOptions, 'signal'>): Promise<Matte>;
  /** The picture in grey with that evidence over it as heat. Throws as {@link drawSaliency}. */
  drawHeat(picture: Picture, scene: Scene, options?: Pick<WorkOptions, 'signal'>): Promise<Picture>;
  /** A part of the picture, in whole pixels. Throws `invalid-argument` where it reaches outside. */
  crop(picture: Picture, region: Region, options?: Pick<WorkOptions, 'signal'>): Promise<Picture>;
  render(
    picture: Picture,
    scene: Scene,
    effect: string,
    params?: Readonly<Record<string, unknown>>,
    options?: WorkOptions &
      TargetOptions &
      Pick<EffectOptions, 'on'> & { readonly assets?: Readonly<Record<string, Picture>> },
  ): Promise<Picture>;
  /** The scene's matte brought to the picture's full size along the picture's own edges. */
  refineMatte(picture: Picture, scene: Scene, options?: WorkOptions): Promise<Matte>;
  encode(picture: Picture | Matte, options?: WorkOptions & EncodeOptions & MetadataOfFile): Promise<Uint8Array>;
  /**
   * The whole way: bytes or path in, decoded, analysed, rendered, encoded bytes out. By an effect's name or a recipe.
   * Throws `invalid-argument` for what is wrong with that before any work, `not-found` where nobody is in the picture
   * whom a step names.
   *
   * @example
   * await focal.edit('group.jpg', 'bokeh', { on: 'largest' });
   * await focal.edit('group.jpg', parseRecipe(await readFile('look.json', 'utf8')));
   */
  edit(input: Input, what: string | Recipe, options?: EditOptions): Promise<Edited>;
  /**
   * Looks at faces and scene, and chooses background, frame, tone and caption by rules; another seed, another roll.
   * The choice explains itself, and its recipe gives the same picture by {@link edit}.
   *
   * @example
   * const { choice } = await focal.smart('me.jpg', { seed: 2 });
   * // choice.because → ['One face was found; it: smile 95 %, with a happy expression.', …]
   */
  smart(input: Input, options?: SmartEditOptions): Promise<SmartEdited>;
  /**
   * People by pictures of them, for steps that act on everybody else: all vectors of the largest face of each picture.
   * They are never kept. Throws `not-found` where a picture shows no face, naming it.
   */
  know(
    people: readonly PersonPictures[],
    options?: globalThis.Pick<WorkOptions, 'signal'>,
  ): Promise<readonly KnownPerson[]>;
  models(): Promise<readonly ModelStatus[]>;
  /**
   * Downloads a model of the catalogue that is not bundled. The only call that reaches out: make it when the user asks,
   * with source, size and licence of {@link models} shown. It is there whole and with the right SHA-256 or not at all;
   * after an interruption the next call goes on where this one stopped. Throws `not-found`, `invalid-argument`,
   * `network`, `model-invalid`, `no-space`, `permission`, `busy`, `aborted`.
   */
  pullModel(id: string, options?: PullOptions): Promise<PulledModel>;
  /** Deletes a downloaded model. False where there was none. */
  removeModel(id: string): Promise<boolean>;
  /** The device in use; starts the runtime to find out. */
  device(): Promise<DeviceReport>;
  /** Starts threads and loads what these facts need, so that the first picture does not wait for it. */
  prepare(facts: readonly Fact[]): Promise<void>;
  /**
   * Path of the model's ready-to-run ONNX file, made where it is missing: what a browser needs to run it itself. Throws
   * `model-missing`, `invalid-argument`.
   */
  modelPath(id: string): Promise<string>;
  /**
   * Writes a file whole or not at all. Throws `exists` where it is already there, unless `force`; `not-found` where its
   * folder is missing; `permission`; `no-space`.
   */
  saveFile(path: string, bytes: Uint8Array, options?: { readonly force?: boolean }): Promise<void>;
  about(): Promise<About>;
  /** What lies in the cache: files that can be made again, such as imported models. */
  cache(): Promise<CacheReport>;
  /** Removes what can be made again from the disk, and returns how many bytes that freed. */
  clearCache(): Promise<number>;
  close(): Promise<void>;
}
