import type { AnonymiseReport, ErrorCode, Fact, ParameterInfo, Pick, Scene } from '@focal/core';
import type { EffectInfo, LookCorrection, Rendered } from '@focal/web';
import type { Viewport } from '../stage/viewport.ts';

export type ParamValue = string | number | boolean;
export type Params = Readonly<Record<string, ParamValue>>;

/** One thing that is done to the photo. */
export interface Step {
  /** Unlike any other of this sitting. */
  readonly id: string;
  readonly effect: string;
  /** Whom it acts on, a selector's short form; absent: the effect's own. */
  readonly on?: string | undefined;
  /** What differs from the defaults. */
  readonly params: Params;
  /** Further pictures that the effect takes: ids by the effect's names for them. */
  readonly assets: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  /** 0..1. */
  readonly opacity: number;
}

/** A correction by hand; `on` in short form. */
export type Correction = LookCorrection;

/** What the user chose to be done, in this order. */
export interface Edits {
  readonly steps: readonly Step[];
  /** What was corrected by hand in this photo: never part of a look. */
  readonly corrections: readonly Correction[];
  /** Id of the user's font that steps write in; absent: the bundled one. */
  readonly font?: string | undefined;
}

/** An edge that is being corrected by hand, and with what. */
export interface Refining {
  /** Whose edge it is, a selector's short form; for the background that of the main subject. */
  readonly on: string;
  readonly tool: 'brush' | 'region';
  readonly mode: 'add' | 'remove';
  /** How the selected is shown: tinted, on black, or by what the steps make of it. */
  readonly view: 'tint' | 'black' | 'result';
  /** What came of the last click, or why the edge is not known. */
  readonly note?: string | undefined;
}

export interface BrushSettings {
  /** As a share of the photo's long side. */
  readonly radius: number;
  /** 0..1. */
  readonly softness: number;
  /** Whether a pen's pressure scales the radius. */
  readonly usesPressure: boolean;
}

/** Why a step does nothing to this photo. */
export interface StepNote {
  readonly reason: string;
  /** What has to be known of the photo first; empty where that would not help. */
  readonly missing: readonly Fact[];
}

/** Who finds the subject. */
export type Place = 'server' | 'browser';
export type BrowserModel = 'selfie' | 'isnet-medium';

export type Theme = 'system' | 'light' | 'dark';

/** Where in the library a photo comes from, and the version that is edited. */
export interface LibraryOrigin {
  readonly assetId: number;
  readonly version?: { readonly id: number; readonly name: string };
}

export interface PhotoInfo {
  /** Grows with every photo that is opened. */
  readonly id: number;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: string;
  /** Of photos of the library. */
  readonly origin: LibraryOrigin | undefined;
}

/** A photo of this sitting, as the list shows it. */
export interface ListedPhoto {
  readonly id: number;
  readonly name: string;
  /** URL of a small copy; nothing while there is none. */
  readonly thumb: string | undefined;
  /** Why it cannot be opened, where that is so. */
  readonly problem: string | undefined;
}

/** Where the matte of the open photo came from. */
export interface MatteInfo {
  readonly place: Place;
  readonly models: readonly string[];
  readonly device: string;
  readonly ms: number;
  /** A sentence about a fallback that was taken. */
  readonly notice: string | undefined;
}

/** What is known of who and what is in the photo; it is looked for when the user first asks. */
export type SceneState =
  /** Where it was asked for and stopped or declined, nothing but the user asks again. */
  | { readonly phase: 'unasked'; readonly wasAsked?: boolean }
  /** Models have to come in first: the user is told what that costs. */
  | { readonly phase: 'asking' }
  | { readonly phase: 'looking'; readonly label: string }
  | { readonly phase: 'ready'; readonly scene: Scene }
  | { readonly phase: 'failed'; readonly text: string };

/** Whether those are hidden whom the steps hide: checked when the user asks for it, for the photo and steps as they are. */
export type HidingCheck =
  | { readonly phase: 'unasked' }
  /** Models have to come in first: the user is told what that costs. */
  | { readonly phase: 'asking' }
  | { readonly phase: 'checking'; readonly progress: Progress }
  /** By the ids of steps. */
  | { readonly phase: 'done'; readonly reports: Readonly<Record<string, AnonymiseReport>> };

/** What the user pointed at and the scene does not list. */
export interface PickedItem {
  readonly id: string;
  readonly pick: Pick;
}

/** `opening`: the photo is being decoded; `analysing`: shown, its subject being looked for. */
export type Phase = 'empty' | 'opening' | 'analysing' | 'ready';

export interface Progress {
  readonly label: string;
  /** 0..1; nothing where it is not known. */
  readonly done: number | undefined;
  /** How long the same took last time, in milliseconds. */
  readonly lastMs?: number | undefined;
}

/** Something that did not work, in words for people, and what they can do. */
export interface Problem {
  readonly code: ErrorCode;
  readonly title: string;
  readonly text: string;
  readonly actions: readonly ProblemAction[];
}

export type ProblemAction = 'retry' | 'use-browser' | 'use-server' | 'open';

export interface Toast {
  readonly id: number;
  /** A question stays until it is answered or dismissed. */
  readonly kind: 'info' | 'success' | 'error' | 'question';
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
  /** What it is about, where the next one about it takes its place. */
  readonly cause?: string | undefined;
}

export interface ExportState {
  /** 0..1, of all. */
  readonly done: number;
  /** Which photo of how many, where there are several. */
  readonly photo?: readonly [number: number, count: number];
  readonly what: 'download' | 'copy';
}

/** `place-browser` is `place` with this browser proposed. */
export type DialogName =
  | 'add-step'
  | 'camera'
  | 'shortcuts'
  | 'place'
  | 'place-browser'
  | 'export'
  | 'export-all'
  | 'keep-version';

/** A picture or a font that the user chose. */
export interface AssetInfo {
  readonly name: string;
  /** Of pictures. */
  readonly url?: string;
}

export type { EffectInfo, ParameterInfo, Rendered, Viewport };
