import { FocalError } from '@focal/core';
import type { EffectHandlers, SmartRequest, WorkerClient } from '@focal/web';
import type { StudioState, StudioStore } from '../state/store.ts';
import type { LookFiles } from './look-files.ts';

export interface SmartOptions extends Omit<SmartRequest, 'backgrounds'> {
  /** Own pictures: one whose name has a word of the mood is taken in place of a drawn background. */
  readonly backgrounds: readonly File[];
}

/** Looks that suit what is in the photo, by rules. */
export interface SmartChooser {
  /**
   * Chooses a look and puts it in place of the steps, as one step of the history; looks for who and what is in the photo
   * first. Gives the reasons, nothing where that was given up. Throws what went wrong, in words for people.
   */
  chooseLook(options: SmartOptions): Promise<readonly string[] | undefined>;
  /** The moods that may be asked for. */
  listMoods(rules: unknown): Promise<readonly string[]>;
  /** Own rules out of a file, YAML or JSON. Throws what is wrong with them. */
  readRules(file: File): Promise<unknown>;
}

const MAX_RULES_BYTES = 1024 * 1024;

export function createSmartChooser(
  store: StudioStore,
  effects: WorkerClient<EffectHandlers>,
  findScene: () => Promise<void>,
  takeLook: LookFiles['takeLook'],
): SmartChooser {
  return {
    async chooseLook({ backgrounds, ...options }) {
      const { photo } = store.getState();
      await findScene();
      const scene = await awaitScene(store);
      if (scene.phase === 'failed') throw new FocalError('internal', scene.text);
      if (scene.phase !== 'ready' || photo === undefined || store.getState().photo?.id !== photo.id) return undefined;
      const names = backgrounds.map(({ name }) => name);
      const { steps, because } = await effects.call('chooseLook', { ...options, backgrounds: names });
      const used = new Set(steps.flatMap(({ assets }) => Object.values(assets)));
      const pictures = backgrounds.filter(({ name }) => used.has(name)).map((file) => [file.name, file] as const);
      if (store.getState().photo?.id !== photo.id) return undefined;
      await takeLook({ steps, pictures: Object.fromEntries(pictures) });
      return because;
    },
    listMoods: (rules) => effects.call('moods', { rules }),
    async readRules(file) {
      if (file.size > MAX_RULES_BYTES) throw new FocalError('too-large', `The rules ${file.name} have more than 1 MB.`);
      const { parse } = await import('yaml');
      let rules: unknown;
      try {
        // No aliases: a short file could stand for a huge one.
        rules = parse(await file.text(), { maxAliasCount: 0 });
      } catch (error) {
        const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
        throw new FocalError('invalid-argument', `${file.name} is no YAML or JSON: ${detail}`, { cause: error });
      }
      await effects.call('moods', { rules });
      return rules;
    },
  };
}

/** What came of looking for who and what is in the photo, or of asking whether models may be loaded for it. */
function awaitScene(store: StudioStore): Promise<StudioState['scene']> {
  return new Promise((resolve) => {
    const look = (): void => {
      const { scene } = store.getState();
      if (scene.phase === 'looking' || scene.phase === 'asking') return;
      stop();
      resolve(scene);
    };
    const stop = store.subscribe(look);
    look();
  });
}
