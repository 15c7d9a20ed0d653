import { z } from 'zod';
import { isColor } from '../picture/color.ts';
import type { ParameterMeta } from './effect.ts';

/** A colour, as {@link isColor} takes it. */
export const colorText: z.ZodString = z.string().refine(isColor);

/** How a background picture fills the frame, for effects that take one, where `when` holds. */
export function placing(when: NonNullable<ParameterMeta['when']>) {
  return {
    fit: z.enum(['cover', 'contain', 'stretch']).default('cover').meta({
      title: 'Fit',
      description: 'How the background picture fills the frame: cover crops it, contain shows all of it.',
      when,
    }),
    positionX: z.number().min(0).max(1).default(0.5).meta({
      title: 'Left to right',
      description: 'Which part of the background picture is seen: 0 its left edge, 1 its right.',
      step: 0.01,
      when,
    }),
    positionY: z.number().min(0).max(1).default(0.5).meta({
      title: 'Top to bottom',
      description: 'Which part of the background picture is seen: 0 its top edge, 1 its bottom.',
      step: 0.01,
      when,
    }),
  };
}
