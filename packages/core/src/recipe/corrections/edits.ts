import { z } from 'zod';
import type { Fact } from '../../scene/scene.ts';
import { anySelector, formatSelector, type Selector, selectorNeeds } from '../selector.ts';
import { CORRECTION_LIMITS } from './limits.ts';

// Strokes may begin and end a little outside of the picture.
const place = z.number().min(-1).max(2);
const fraction = z.number().min(0).max(1);
const mode = z.enum(['add', 'remove']);

/** Whose edge it is, also in short form. */
const on = anySelector
  .default({ role: 'main' })
  .refine(({ role }) => role !== 'everything', 'everything has no edge that could be corrected');

const correctionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stroke'),
    mode,
    on,
    /** At full pressure, as a share of the picture's long side. */
    radius: z.number().min(0.0002).max(0.5),
    /** The share of the radius over which it fades out: 0 a hard rim, 1 from the middle on. */
    softness: fraction.default(0.3),
    /** In fractions of the upright picture; `pressure` scales the radius. */
    points: z
      .array(z.strictObject({ x: place, y: place, pressure: fraction.optional() }))
      .min(1)
      .max(CORRECTION_LIMITS.points),
  }),
  z.strictObject({ kind: z.literal('pick'), mode, on, x: fraction, y: fraction }),
  /** Softens the edge as far as this, as a share of the picture's long side. */
  z.strictObject({ kind: z.literal('feather'), on, radius: z.number().min(0).max(0.05) }),
  /** Moves the edge in (below 0) or out, by up to half a hundredth of the long side. */
  z.strictObject({ kind: z.literal('shift'), on, amount: z.number().min(-1).max(1) }),
]);

/** What was corrected by hand in one picture, in the order in which it was done. */
export const editsSchema = z.strictObject({
  /** SHA-256 of the picture's file, in hex. */
  picture: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hex digits')
    .optional(),
  corrections: z
    .array(correctionSchema)
    .max(CORRECTION_LIMITS.corrections)
    .refine(
      (all) =>
        all.reduce((sum, each) => sum + (each.kind === 'stroke' ? each.points.length : 0), 0) <=
        CORRECTION_LIMITS.points,
      `expected at most ${CORRECTION_LIMITS.points} points in all strokes`,
    )
    .refine(
      (all) => all.filter(({ kind }) => kind === 'pick').length <= CORRECTION_LIMITS.picks,
      `expected at most ${CORRECTION_LIMITS.picks} picks`,
    ),
});

export type Edits = z.output<typeof editsSchema>;
export type Correction = Edits['corrections'][number];
export type CorrectionInput = z.input<typeof correctionSchema>;

/**
 * The corrections of a selection, as they act on its matte: what is added to the background is taken from the main
 * subject.
 */
export function correctionsOf(edits: Edits | undefined, selector: Selector): readonly Correction[] {
  const name = edgeOf(selector);
  return (edits?.corrections ?? [])
    .filter((each) => edgeOf(each.on) === name)
    .map((each) => (each.on.role === 'background' ? flip(each) : each));
}

/** Selections with the same edge have the same name. */
export function edgeOf(selector: Selector): string {
  return selector.role === 'background' ? 'main' : formatSelector(selector);
}

function flip(correction: Correction): Correction {
  switch (correction.kind) {
    case 'stroke':
    case 'pick':
      return { ...correction, mode: correction.mode === 'add' ? 'remove' : 'add' };
    case 'shift':
      return { ...correction, amount: -correction.amount };
    case 'feather':
      return correction;
  }
}

/** The facts that the corrections of a selection rest on, beside the selection's own. */
export function correctionNeeds(edits: Edits | undefined, selector: Selector): readonly Fact[] {
  const hasPick = correctionsOf(edits, selector).some(({ kind }) => kind === 'pick');
  return hasPick ? selectorNeeds({ role: 'at', x: 0, y: 0 }) : [];
}
