import { chooseLook, createDefaultRules, parseRules, type Rules, type Scene, wordsOfName } from '@focal/core';
import { toLookSteps } from './look-file.ts';
import type { SmartLook, SmartRequest } from './types.ts';

/** A look that suits what is in a scene. Throws as `parseRules` and `chooseLook`. */
export function chooseSmartLook(scene: Scene, { rules, backgrounds = [], ...options }: SmartRequest): SmartLook {
  const { recipe, because } = chooseLook(scene, {
    ...options,
    backgrounds: backgrounds.map((name) => ({ name, tags: wordsOfName(name) })),
    ...(rules !== undefined && { rules: readRules(rules) }),
  });
  return { steps: toLookSteps(recipe.look.steps), because };
}

/** The moods that may be asked for, Focal's and those of the user's rules. Throws as `parseRules`. */
export function listMoods(rules: unknown): readonly string[] {
  const own = rules === undefined ? undefined : readRules(rules);
  return Object.keys({ ...createDefaultRules().moods, ...own?.moods });
}

function readRules(raw: unknown): Rules {
  return parseRules(raw, createDefaultRules());
}
