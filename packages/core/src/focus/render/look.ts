import { z } from 'zod';
import { bokeh } from '../../effects/bokeh.ts';
import { FocalError } from '../../errors.ts';

const { radius, falloff, ground, aperture, angleDeg, highlights } = bokeh.schema.shape;

/** How a subject in focus looks: a bokeh's parameters and those of moving pictures. Flat, as the schemas of effects are. */
export const focusLook = z.object({
  radius: radius.unwrap().default(0.02).meta({
    title: 'Blur',
    description: 'Radius of the largest blur disc, as a share of the longer side: 0.02 is 2 %.',
    step: 0.001,
  }),
  falloff: falloff.unwrap().default(0.6).meta({
    title: 'Growth',
    description: 'How much the blur grows with the distance from the subject: 0 not at all.',
    step: 0.01,
  }),
  ground,
  aperture,
  angleDeg,
  highlights,
  pullMs: z.number().min(0).max(3000).default(400).meta({
    title: 'Focus pull',
    description: 'How long the focus takes from one subject to the next.',
    unit: 'ms',
    step: 50,
  }),
  lowLight: z.number().min(0).max(1).default(0).meta({
    title: 'Low light',
    description: 'Brings out what is hidden in the dark: 0 not at all.',
    step: 0.01,
  }),
});

export type FocusLook = z.output<typeof focusLook>;

/** Settings of a look, none of which has to be there, and none of which stands for its default where it is not. */
export const focusLookSettings = z.strictObject(
  Object.fromEntries(Object.entries(focusLook.shape).map(([name, type]) => [name, type.unwrap().optional()])),
) as unknown as z.ZodType<Partial<FocusLook>>;

/** Settings of a look. Throws `invalid-argument` naming the one that is wrong. */
export function parseLookSettings(raw: unknown): Partial<FocusLook> {
  const result = focusLookSettings.safeParse(raw ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '');
  throw new FocalError(
    'invalid-argument',
    `Expected settings of a focus, got something else for ${name}: ${issue?.message ?? ''}.`,
    { hint: `There are ${Object.keys(focusLook.shape).join(', ')}.` },
  );
}
