import type { AssetSpec, ColorSpace, Fact, ParameterInfo } from '@focal/core';
import type { WebFormat } from '../canvas/encode.ts';

/** An effect as data: what a page builds its controls from. */
export interface EffectInfo {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly ParameterInfo[];
  readonly assets: readonly AssetSpec[];
  /** Whom it acts on where nothing is said, as a selector's short form; absent: it does not ask. */
  readonly on?: string;
  /** Where it runs, whatever its place among the steps. */
  readonly order?: 'first' | 'last';
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

/** A step of a recipe as a page holds it. */
export interface LookStep {
  readonly effect: string;
  /** A selector's short form; absent: the effect's own. */
  readonly on?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** Ids of pictures from `setAsset`, by the effect's names for them. */
  readonly assets: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  /** 0..1. */
  readonly opacity: number;
}

export interface LookRequest {
  readonly steps: readonly LookStep[];
}

/** A look with the pictures that come with it, by the ids that its steps use. */
export interface LookFile extends LookRequest {
  readonly name?: string | undefined;
  readonly pictures: Readonly<Record<string, Blob>>;
  /** Whether the recipe also corrects one photo by hand, which a look does not hold. */
  readonly hasCorrections?: boolean;
}

export interface RenderRequest extends Sized, LookRequest {
  /** Lets other calls go first while this one runs. */
  readonly background?: boolean | undefined;
}

/** A step that does nothing to this photo, and why. */
export interface SkippedRequest {
  /** Its place among the steps, from 0. */
  readonly index: number;
  /** A sentence for people. */
  readonly reason: string;
  /** Facts that have to be found out first; empty where that would not help. */
  readonly missing: readonly Fact[];
}

/** A picture ready to be put on a canvas. */
export interface Rendered {
  /** RGBA, straight alpha, in memory of its own. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: ColorSpace;
  /** Whether no pixel lets anything through. */
  readonly isOpaque: boolean;
  readonly skipped: readonly SkippedRequest[];
  /** Milliseconds it took in the worker, without what is kept for the next time. */
  readonly ms: number;
}

export interface ExportRequest extends LookRequest {
  readonly format: WebFormat;
  /** 1..100 for the formats that lose detail. */
  readonly quality: number;
}

export interface ExportResult {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
}
