import { assertMood, chooseLook, FocalError, SMART_FACTS, type SmartChoice } from '@focal/core';
import { checkEditOptions } from './check-options.ts';
import { edit } from './edit.ts';
import type { Engine } from './engine.ts';
import type { Input, SmartEdited, SmartEditOptions } from './types.ts';

/** Looks at the photo, chooses a look that suits it, and renders that. */
export async function smartEdit(engine: Engine, input: Input, options: SmartEditOptions): Promise<SmartEdited> {
  const { seed, group, mood, caption, rules, backgrounds = [], ...work } = options;
  checkEditOptions(work);
  assertMood({ ...(mood !== undefined && { mood }), ...(rules !== undefined && { rules }) });
  const names = backgrounds.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new FocalError('invalid-argument', `Two backgrounds have the name ${twice}.`);
  let choice: SmartChoice | undefined;
  const edited = await edit(
    engine,
    input,
    {
      facts: SMART_FACTS,
      choose(scene) {
        choice = chooseLook(scene, {
          backgrounds,
          ...(seed !== undefined && { seed }),
          ...(group !== undefined && { group }),
          ...(mood !== undefined && { mood }),
          ...(caption !== undefined && { caption }),
          ...(rules !== undefined && { rules }),
        });
        return choice.recipe;
      },
    },
    // Only the background that is taken is read.
    { ...work, lenient: true, assets: Object.fromEntries(backgrounds.map(({ name, picture }) => [name, picture])) },
  );
  if (choice === undefined) throw new FocalError('internal', 'No look was chosen.');
  return { ...edited, choice };
}
