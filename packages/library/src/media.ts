import type { ErrorData, InspectedFile, MetadataChoice, Recipe } from '@focal/core';

/** A path, or the bytes of one that is no valid text. */
export type FilePath = string | Uint8Array;

export interface MadeThumbnails {
  readonly width: number;
  readonly height: number;
  readonly grid: Uint8Array;
  readonly placeholder: Uint8Array;
  /** 64 bits in hex. */
  readonly hash: string;
  readonly palette: readonly { readonly rgb: readonly [number, number, number]; readonly share: number }[];
}

export interface FoundBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is seen in a frame of a video, so many milliseconds from its start; absent in the one that stands for it. */
interface InVideo {
  readonly atMs?: number;
}

export interface FoundScene {
  readonly focalPoint: { readonly x: number; readonly y: number };
  /** Of a video that is not all there: what is missing. The rest is of what is there. */
  readonly damage?: ErrorData;
  /** As {@link MediaReader.preview} gives it; it may come along where it was asked for. */
  readonly preview?: Uint8Array;
  readonly scene: {
    readonly objects?: {
      readonly objects: readonly (InVideo & {
        readonly label: string;
        readonly score: number;
        readonly box: FoundBox;
      })[];
    };
    readonly faces?: {
      readonly faces: readonly (InVideo & Omit<FoundFaceVector, 'vector'> & { readonly vector?: Float32Array })[];
    };
  };
}

/** A face with what tells who it is. */
export interface FoundFaceVector {
  readonly box: FoundBox;
  readonly score: number;
  readonly rollDegrees: number;
  readonly quality: { readonly overall: number };
  readonly expression?: { readonly smile: number; readonly distribution: Readonly<Record<string, number>> };
  readonly vector: Float32Array;
}

export interface MediaSource {
  readonly path: FilePath;
  readonly kind: 'photo' | 'video';
  readonly durationMs?: number | undefined;
  /** Of videos: a frame, in milliseconds from the start. Default the one that stands for it. */
  readonly atMs?: number | undefined;
}

export interface MediaOptions {
  readonly signal?: AbortSignal;
}

/** What a recipe makes of a photo, for the screen. */
export interface RenderedSmall {
  /** Of the picture in full, in pixels. */
  readonly width: number;
  readonly height: number;
  /** WebP, as small as those of photos. */
  readonly grid: Uint8Array;
  readonly preview: Uint8Array;
  /** What of the recipe could not be done with this photo. */
  readonly warnings: readonly string[];
}

/** Whose faces stay in a photo, and whose are covered. Places are fractions of the upright photo. */
export interface PhotoToCover {
  /** What the file's bytes have to be. */
  readonly sha256: string;
  /** What the photo is shown as. */
  readonly recipe?: Recipe;
  /** Faces that stay where they are found again, by the numbers that tell who it is; all else is covered. */
  readonly spared: readonly { readonly box: FoundBox; readonly vector: Float32Array }[];
  /** Faces that are covered whether they are found again or not. */
  readonly told: readonly { readonly box: FoundBox; readonly rollDegrees: number }[];
}

/** Kinds of files that pictures are written as. */
export const RENDER_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
export type RenderFormat = (typeof RENDER_FORMATS)[number];

export interface RenderOptions extends MediaOptions {
  /** Default: as the photo, or PNG where parts may be transparent. */
  readonly format?: RenderFormat;
  /** 1..100. */
  readonly quality?: number;
  /** What of the photo's own goes into the file. Default none. */
  readonly metadata?: MetadataChoice;
}

/** What a recipe makes of a photo, as a file. */
export interface RenderedFile {
  readonly bytes: Uint8Array;
  readonly format: RenderFormat;
  readonly width: number;
  readonly height: number;
  readonly warnings: readonly string[];
}

/**
 * What a library asks of files; given to it by who puts the parts together, such as `focal.media`. Throws FocalErrors;
 * `aborted`, `closed` and `busy` say nothing about the file, all others do.
 */
export interface MediaReader {
  inspect(path: FilePath, options?: MediaOptions): Promise<InspectedFile>;
  thumbnails(source: MediaSource, options?: MediaOptions & { readonly sha256?: string }): Promise<MadeThumbnails>;
  /** WebP for the screen. */
  preview(source: MediaSource, options?: MediaOptions): Promise<Uint8Array>;
  /** @param preview whether the preview is wanted too, which may then cost less */
  find(source: MediaSource, options?: MediaOptions & { readonly preview?: boolean }): Promise<FoundScene>;
  /** Square WebP for the screen: a face with what is around it, upright. The box is in fractions of the upright photo. */
  facePicture(source: MediaSource, box: FoundBox, options?: MediaOptions): Promise<Uint8Array>;
  /** The face in this part of a photo; undefined where none is found there. */
  faceIn(source: MediaSource, box: FoundBox, options?: MediaOptions): Promise<FoundFaceVector | undefined>;
  /** The faces of a picture that is in no library, the largest first: the bytes of its file, or its path. */
  facesOf(picture: Uint8Array | string, options?: MediaOptions): Promise<readonly FoundFaceVector[]>;
  /** What a recipe makes of a photo; what it cannot do with it is left out with a warning. */
  renderSmall(source: MediaSource, recipe: Recipe, options?: MediaOptions): Promise<RenderedSmall>;
  /** A photo, or what its recipe makes of it, with faces covered for good. What goes wrong with that is thrown. */
  coverSmall(source: MediaSource, photo: PhotoToCover, options?: MediaOptions): Promise<RenderedSmall>;
  renderFile(source: MediaSource, recipe: Recipe, options?: RenderOptions): Promise<RenderedFile>;
  /** A copy of a video for browsers, with nothing but pictures and sound, at a path that is free. */
  copyVideo(source: MediaSource, path: string, options?: MediaOptions): Promise<{ readonly format: 'mp4' | 'webm' }>;
}

/** Raise it when thumbnails, hashes or palettes are made another way: all are then made again. */
export const THUMBNAIL_VERSION = 1;
/** The same for what is found in them. */
export const SCENE_VERSIONS = { photo: 1, video: 2 } as const;
/** The same for photos with covered faces. */
export const COVER_VERSION = 1;
/** The same for what recipes make of photos. */
export const RENDER_VERSION = 1;
