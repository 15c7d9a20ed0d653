import { existsSync, readFileSync } from 'node:fs';
import type { AssetSpec, ParameterInfo } from '@focal/core';

/** What the command line needs to know of an effect to make a command of it. */
export interface EffectInfo {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly ParameterInfo[];
  readonly assets: readonly AssetSpec[];
  /** Whom or what it acts on by default; absent: it takes no selection. */
  readonly on?: string;
  /** Whether it writes text. */
  readonly writes: boolean;
  /** Whether it hides people. */
  readonly hides: boolean;
}

/** What the command line has to know of core to make its commands. */
export interface EffectList {
  readonly effects: readonly EffectInfo[];
  /** Settings of a subject in focus in a video. */
  readonly focus: readonly ParameterInfo[];
}

/** Where the build leaves the list, beside the compiled program. */
export const effectListUrl: URL = new URL('./effects.json', import.meta.url);

/**
 * All effects and settings as data. [Note: effects as a file] Core takes some 100 ms to load, which `focal --help` cannot spare, so
 * the build asks core once and leaves the answer as a file; without it (sources, a build by hand) core is asked here.
 */
export async function loadEffectList(): Promise<EffectList> {
  if (existsSync(effectListUrl)) return JSON.parse(readFileSync(effectListUrl, 'utf8')) as EffectList;
  return describeEffects();
}

/** The list from core itself. */
export async function describeEffects(): Promise<EffectList> {
  const { describeParameters, effects, focusLook } = await import('@focal/core');
  return {
    effects: Object.values(effects).map((effect) => ({
      name: effect.name,
      title: effect.title,
      description: effect.description,
      parameters: describeParameters(effect),
      assets: effect.assets,
      ...(effect.on !== undefined && { on: effect.on }),
      writes: effect.layOut !== undefined,
      hides: effect.order === 'first',
    })),
    focus: describeParameters({ schema: focusLook }),
  };
}
