import { FocalError } from '../errors.ts';
import { anonymise } from './anonymise.ts';
import { background } from './background.ts';
import { bokeh } from './bokeh.ts';
import { caption } from './caption.ts';
import { cutout } from './cutout.ts';
import type { Effect } from './effect.ts';
import { frame } from './frame.ts';
import { glow } from './glow.ts';
import { mono } from './mono.ts';
import { outline } from './outline.ts';
import { reframe } from './reframe.ts';
import { shadow } from './shadow.ts';
import { tone } from './tone.ts';

/** Every effect Focal has, by name. A new effect is its own file and one line here. */
export const effects: Readonly<Record<string, Effect>> = {
  cutout,
  background,
  bokeh,
  tone,
  mono,
  outline,
  glow,
  shadow,
  frame,
  reframe,
  caption,
  [anonymise.name]: anonymise,
};

/** The effect of that name. Throws `invalid-argument` listing what there is. */
export function getEffect(name: string): Effect {
  const effect = Object.hasOwn(effects, name) ? effects[name] : undefined;
  if (effect !== undefined) return effect;
  throw new FocalError('invalid-argument', `There is no effect ${JSON.stringify(name)}.`, {
    hint: `Focal has ${Object.keys(effects).join(', ')}.`,
  });
}
