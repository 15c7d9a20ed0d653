import type { z } from 'zod';
import type { Plan } from '../async/plan.ts';
import type { ThreadCache } from '../async/thread-cache.ts';
import type { Matte } from '../picture/matte.ts';
import type { Allocate, Picture } from '../picture/picture.ts';
import type { Face, Fact, Scene, Subject } from '../scene/scene.ts';
import type { TextBlock, TextOptions } from '../text/text-layout.ts';
import type { Shader } from './shade.ts';

/** What faces of Focal need to draw a control, a flag or a schema entry, beside the zod type itself. */
export interface ParameterMeta {
  /** Short label: "Blur". */
  readonly title: string;
  /** One line of plain words. */
  readonly description: string;
  /** Unit for people: "% of the long side", "°". */
  readonly unit?: string;
  /** Slider step. */
  readonly step?: number;
  /** How to show it where the type alone does not say. */
  readonly control?: 'color' | 'angle';
  /** Shown only where another parameter has one of these values. */
  readonly when?: { readonly parameter: string; readonly is: readonly (string | number | boolean)[] };
}

/** A second picture that an effect takes, such as the new background. */
export interface AssetSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** The part of a picture that a step acts on. */
export interface Selection {
  /** Alpha in the picture's size; absent: all of the picture. */
  readonly alpha?: Matte;
  /** The selected alone, as {@link planCutAlong} gives it. There for effects that take the `cut`. */
  readonly cut?: Picture;
  /** Who is selected, and with what faces, as far as the scene knows. */
  readonly subjects: readonly Subject[];
  readonly faces: readonly Face[];
}

export interface EffectInput<P> {
  readonly picture: Picture;
  readonly scene: Scene;
  readonly params: P;
  /** By the names of the effect's `assets`. */
  readonly assets: Readonly<Record<string, Picture>>;
  readonly allocate: Allocate;
  /** What a step of a recipe acts on, for effects that have an `on`. */
  readonly selection?: Selection;
  /** The picture again, where nobody needs it afterwards: the result may be written there. */
  readonly target?: Picture;
  /** The block that the effect's `layOut` gave. */
  readonly text?: TextBlock;
  /** The result of `planCut` for this picture and scene, where it was computed before: the effect then starts there. */
  readonly cut?: Picture;
  /** Results of the effect's steps for this picture and scene and these parameters, by name, where they were kept. */
  readonly kept?: Readonly<Record<string, unknown>>;
  /** Of the thread that builds the plan. */
  readonly cache?: ThreadCache | undefined;
}

/** Text that is laid out for a picture. */
export interface WrittenText {
  readonly block: TextBlock;
  /** What the user should know of it, as a sentence. */
  readonly warning?: string;
}

/** Lays out text in the fonts there are. Throws as {@link TextLayout.layOut}. */
export type LayOutText = (text: string, options: TextOptions & { readonly bold?: boolean }) => TextBlock;

/**
 * A part of an effect's work that few of its parameters change. Who renders one picture again and again may run it
 * once, keep what it gives and hand that to the later plans as `kept`: the bytes stay the same.
 */
export interface EffectStep<P> {
  readonly name: string;
  /** The parameters that its result depends on. */
  readonly by: readonly (keyof P & string)[];
  /** What it depends on beside those: the picture, unless it says that the selection's edges in it are enough. */
  readonly of?: 'selection';
  /** Takes the results of the steps before it from `kept`. Its own is plain data that can be sent to other threads. */
  plan(input: EffectInput<P>): Plan<unknown>;
}

/** What an effect's step gives: as it was kept, else by its plan. */
export function takeStep<P, T>(input: EffectInput<P>, name: string, plan: (input: EffectInput<P>) => Plan<T>): Plan<T> {
  const { kept = {} } = input;
  return Object.hasOwn(kept, name) ? { passes: [], result: kept[name] as T } : plan(input);
}

/**
 * One effect: a schema of its parameters (flat; each with default, range and {@link ParameterMeta} through `.meta()`)
 * and a pure function from picture and scene to a plan. CLI flags, API options and studio controls are generated from
 * the schema, so a new effect touches its own file and one line of `effects/index.ts`.
 */
export interface Effect<S extends z.ZodObject = z.ZodObject> {
  /** kebab-case, also the CLI command and API path. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: S;
  readonly needs: readonly Fact[];
  /** What it needs with these parameters, where they decide; `needs` is then for the defaults. */
  needsOf?(params: z.output<S>): readonly Fact[];
  readonly assets: readonly AssetSpec[];
  /** What it acts on where a recipe's step says nothing; absent: it takes no selection. A selector's short form. */
  readonly on?: string;
  /**
   * What of the selection it needs beside who is in it: how much of each pixel is selected, or the selected by itself
   * too, without what shines through from behind.
   */
  readonly takes?: 'alpha' | 'cut';
  /** Whether it changes only what is behind the selected: these alone are the same afterwards. Default: no. */
  readonly paintsBehind?: true;
  /** Whether parts of an opaque picture become transparent. Default: no. */
  clears?(params: z.output<S>): boolean;
  /** Where a recipe runs it, whatever its place in the list: what hides comes before all else, what crops after. */
  readonly order?: 'first' | 'last';
  /** For effects that write: the text for a picture of this size, in px, laid out before any plan is built. */
  layOut?(
    params: z.output<S>,
    photo: { readonly picture: { readonly width: number; readonly height: number }; readonly scene: Scene },
    layOut: LayOutText,
  ): WrittenText | undefined;
  /** In the order in which they are run. */
  readonly steps?: readonly EffectStep<z.output<S>>[];
  /** Throws `invalid-argument` when the scene lacks a needed fact or an asset is missing. */
  plan(input: EffectInput<z.output<S>>): Plan<Picture>;
  /**
   * For effects whose pixels depend on no other pixels of the step before: the same row by row, so that a recipe runs
   * several of them in one pass. [Note: rows of a recipe]
   */
  shade?(input: EffectInput<z.output<S>>): Shader;
  /** Whether the shader's own passes look at the picture, so that the steps before have to be done. Default: no. */
  readsPicture?(params: z.output<S>): boolean;
}
