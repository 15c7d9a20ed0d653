import type {
  Matte,
  MetadataChoice,
  Pick as Picked,
  Picture,
  Point,
  Recipe,
  Region,
  ResolvedRecipe,
  ResolveOptions,
  SaliencyFact,
  Scene,
} from '@focal/core';
import type { DecodedPicture, DecodeOptions } from '../codec/decode.ts';
import type { EncodePictureOptions } from '../codec/encode.ts';
import type { PngBands } from '../codec/png.ts';
import type { FilePath, InspectedMedia } from '../media/inspect.ts';
import type { FacePictureInput, PreviewInput, Thumbnails, ThumbnailsInput } from '../media/thumbnails.ts';
import type { NodeModelStoreOptions } from '../models/model-store.ts';
import type { PlanSpec } from './plan-spec.ts';

/** What pixel workers do. */
export type PixelJobs = {
  /** A path is read by the worker. */
  readonly decode: {
    readonly input: { readonly source: Uint8Array | string; readonly options: DecodeOptions };
    readonly output: DecodedPicture;
  };
  /** SHA-256 of a file, in hex. A path is read by the worker. */
  readonly 'hash-file': { readonly input: { readonly source: Uint8Array | string }; readonly output: string };
  /** What a photo or video is, without decoding it. */
  readonly 'inspect-media': { readonly input: { readonly path: FilePath }; readonly output: InspectedMedia };
  readonly thumbnails: { readonly input: ThumbnailsInput; readonly output: Thumbnails };
  readonly preview: { readonly input: PreviewInput; readonly output: Uint8Array<ArrayBuffer> };
  readonly 'face-picture': { readonly input: FacePictureInput; readonly output: Uint8Array<ArrayBuffer> };
  readonly encode: {
    readonly input: { readonly image: Picture | Matte; readonly options: EncodePictureOptions };
    readonly output: Uint8Array<ArrayBuffer>;
  };
  readonly 'join-png': {
    readonly input: { readonly bands: PngBands; readonly exif?: Uint8Array<ArrayBuffer> | undefined };
    readonly output: Uint8Array<ArrayBuffer>;
  };
  /** What of a file's EXIF is kept for its result. A path is read by the worker. */
  readonly 'kept-exif': {
    readonly input: { readonly source: Uint8Array | string; readonly choice: Exclude<MetadataChoice, 'none'> };
    readonly output: Uint8Array<ArrayBuffer> | undefined;
  };
  /** The picture cut to what is visible, with a margin as a share of the longer side. */
  readonly trim: { readonly input: { readonly picture: Picture; readonly margin: number }; readonly output: Picture };
  readonly crop: { readonly input: { readonly picture: Picture; readonly region: Region }; readonly output: Picture };
  /** Whom each step of a recipe acts on in this picture. */
  readonly 'resolve-recipe': {
    readonly input: {
      readonly recipe: Recipe;
      readonly picture: Picture;
      readonly scene: Scene;
      readonly options: Omit<ResolveOptions, 'layOut'>;
      /** Path of a font of the user's. */
      readonly font?: string;
    };
    readonly output: ResolvedRecipe;
  };
  /** True when the whole plan is done, false when it was stopped. */
  readonly share: {
    readonly input: {
      readonly spec: PlanSpec;
      readonly buffers: readonly SharedArrayBuffer[];
      /** Those of them that were used before, to be cleared. */
      readonly unclear: readonly SharedArrayBuffer[];
      readonly control: Int32Array<SharedArrayBuffer>;
      readonly threads: number;
    };
    readonly output: boolean;
  };
  /** The ready-to-run ONNX file of a model, made where it is missing. */
  readonly 'model-path': {
    readonly input: { readonly modelId: string; readonly store: NodeModelStoreOptions };
    readonly output: string;
  };
  /** What is known of a file, and the key under which to keep what more is found out. A path is read by the worker. */
  readonly 'recall-scene': {
    readonly input: { readonly source: Uint8Array | string; readonly store: NodeModelStoreOptions };
    readonly output: { readonly key: string; readonly scene?: Scene };
  };
  readonly 'keep-scene': {
    readonly input: { readonly key: string; readonly scene: Scene; readonly store: NodeModelStoreOptions };
    readonly output: undefined;
  };
  /** The picture with what the scene holds drawn onto it. */
  readonly overlay: { readonly input: { readonly picture: Picture; readonly scene: Scene }; readonly output: Picture };
  /** What is at a point of the picture, where there is something. */
  readonly pick: {
    readonly input: { readonly picture: Picture; readonly scene: Scene; readonly point: Point };
    readonly output: Picked | undefined;
  };
  /** The saliency's evidence in this size. */
  readonly 'full-map': {
    readonly input: { readonly saliency: SaliencyFact; readonly width: number; readonly height: number };
    readonly output: Matte;
  };
  /** The saliency's evidence over the picture. */
  readonly heat: {
    readonly input: { readonly picture: Picture; readonly saliency: SaliencyFact };
    readonly output: Picture;
  };
};
