import type { AssetSpec, ColorSpace, ParameterInfo } from '@focal/core';
import type { WebFormat } from '../canvas/encode.ts';

/** An effect as data: what a page builds its controls from. */
export interface EffectInfo {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly ParameterInfo[];
  readonly assets: readonly AssetSpec[];
}

/** A photo that was opened. */
export interface Opened {
  readonly width: number;
  readonly height: number;
  readonly colorSpace: ColorSpace;
  /** Threads that effects run on. */
  readonly threads: number;
}

export interface Sized {
  /** Pixels of the longer side, at most; the photo is never enlarged. */
  readonly longSide: number;
}

/** An effect by name, with parameters by its schema. */
export interface EffectRequest {
  readonly effect: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Ids of pictures from `setAsset`, by the effect's names for them. */
  readonly assets: Readonly<Record<string, string>>;
}

export interface RenderRequest extends Sized, EffectRequest {
  /** Lets other calls go first while this one runs. */
  readonly background?: boolean | undefined;
}

/** A picture ready to be put on a canvas. */
export interface Rendered {
  /** RGBA, straight alpha, in memory of its own. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: ColorSpace;
  /** Milliseconds it took in the worker. */
  readonly ms: number;
}

export interface ExportRequest extends EffectRequest {
  readonly format: WebFormat;
  /** 1..100 for the formats that lose detail. */
  readonly quality: number;
}

export interface ExportResult {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
}
