import type {
  AnonymisedPicture,
  AssetSpec,
  ColorSpace,
  CorrectionInput,
  Fact,
  Matte,
  MetadataChoice,
  ParameterInfo,
  SmartOptions,
} from '@focal/core';
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
  /** Whether it writes text. */
  readonly writes?: true;
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

type WithShortForm<C> = C extends unknown ? Omit<C, 'on'> & { readonly on: string } : never;

/** A correction by hand as a page holds it: `on`, whose edge it is, in a selector's short form. */
export type LookCorrection = WithShortForm<CorrectionInput>;

export interface LookRequest {
  readonly steps: readonly LookStep[];
  /**
   * The {@link LookCorrection}s of the open photo as JSON; absent: none. As text, since it goes along with every event of
   * a slider, and has seldom changed.
   */
  readonly corrections?: string | undefined;
  /** Id of the font that steps write in; absent: the bundled one. */
  readonly font?: string | undefined;
}

/** What was corrected by hand in one photo. */
export interface LookEdits {
  /** SHA-256 of the photo's file, in hex. Absent: of any photo. */
  readonly picture?: string | undefined;
  readonly corrections: readonly LookCorrection[];
}

/** A look with the pictures that come with it, by the ids that its steps use. */
export interface LookFile {
  readonly name?: string | undefined;
  readonly steps: readonly LookStep[];
  readonly pictures: Readonly<Record<string, Blob>>;
  readonly edits?: LookEdits | undefined;
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

export interface SelectionRequest extends Sized {
  /** Whose edge it is, a selector's short form. The background has that of the main subject. */
  readonly on: string;
  /** As in {@link LookRequest}. */
  readonly corrections?: string | undefined;
}

/** How much of each pixel is inside an edge, or why that is not known. */
export type Selected =
  | { readonly matte: Matte; readonly missed: readonly string[] }
  | { readonly reason: string; readonly missing: readonly Fact[] };

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
  /** Sentences about corrections by hand that this photo gives no hold for: they were left out. */
  readonly missed: readonly string[];
  /** Milliseconds it took in the worker, without what is kept for the next time. */
  readonly ms: number;
}

export interface ExportRequest extends LookRequest {
  readonly format: WebFormat;
  /** 1..100 for the formats that lose detail. */
  readonly quality: number;
  /** Longer side of the file in pixels; a result that is smaller stays as it is. Default: full size. */
  readonly longSide?: number;
  /** The photo's file, and what of its EXIF is kept. Default: nothing. */
  readonly metadata?: { readonly file: Blob; readonly keep: MetadataChoice };
}

/** A step that hides, as `attackAnonymised` takes it, and where it stands in the look, from 0. */
export interface AnonymisedStep extends AnonymisedPicture {
  readonly index: number;
}

export interface ExportResult {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
  /** What the photo did not get, as in {@link Rendered}. */
  readonly skipped: readonly SkippedRequest[];
  readonly missed: readonly string[];
}

/** What a smart look is chosen by, as data. */
export interface SmartRequest extends Omit<SmartOptions, 'rules' | 'backgrounds'> {
  /** As JSON or YAML gave them. */
  readonly rules?: unknown;
  /** File names of the user's own pictures: their words say what they show. */
  readonly backgrounds?: readonly string[];
}

export interface SmartLook {
  /** An own background stands under its file name. */
  readonly steps: LookFile['steps'];
  /** Sentences: what was seen, which rule held, what that gave. */
  readonly because: readonly string[];
}
