import { FocalError } from '@focal/core';
import { z } from 'zod';

const name = z.string().min(1).max(200);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const degrees = (most: number) => z.number().min(-most).max(most);
/** At least and at most, both included; one of the two may be left out. */
const range = { least: z.number().min(0).optional(), most: z.number().min(0).optional() };

/** What one chip stands for. */
export const chipSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('thing'), label: name }),
  z.object({ kind: z.literal('person'), name }),
  z.object({ kind: z.literal('text'), text: name }),
  /** Days by the clock of the place, both included. */
  z.object({ kind: z.literal('date'), from: day.optional(), to: day.optional() }),
  z.object({ kind: z.literal('place'), name }),
  z.object({ kind: z.literal('box'), south: degrees(90), west: degrees(180), north: degrees(90), east: degrees(180) }),
  z.object({ kind: z.literal('camera'), text: name }),
  z.object({ kind: z.literal('color'), color: name }),
  z.object({ kind: z.literal('is'), what: z.enum(['favourite', 'smiling', 'screenshot', 'edited', 'duplicate']) }),
  z.object({ kind: z.literal('type'), type: z.enum(['photo', 'video']) }),
  z.object({ kind: z.literal('orientation'), orientation: z.enum(['landscape', 'portrait', 'square']) }),
  z.object({ kind: z.literal('album'), name }),
  z.object({ kind: z.literal('rating'), ...range }),
  z.object({ kind: z.literal('faces'), ...range }),
  /** In megapixels or, as files, in megabytes. */
  z.object({ kind: z.literal('size'), unit: z.enum(['mp', 'mb']), ...range }),
]);

export type Chip = z.infer<typeof chipSchema>;

/** Chips joined by and, or and not. */
export type Condition =
  | Chip
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition };

const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    chipSchema,
    z.object({ kind: z.enum(['and', 'or']), parts: z.array(conditionSchema).min(2) }),
    z.object({ kind: z.literal('not'), part: conditionSchema }),
  ]),
);

export const SORTS = ['newest', 'oldest', 'added', 'name', 'rating', 'size'] as const;

/** A search as plain data. Without `where` everything is meant. */
export const querySchema = z.object({
  where: conditionSchema.optional(),
  sort: z.enum(SORTS).optional(),
});

export type Query = z.infer<typeof querySchema>;

/** A search that cannot be understood: which part of the text, from `offset` on, `length` long. */
export class QueryError extends FocalError {
  readonly offset: number;
  readonly length: number;
  /** What was probably meant, to stand in place of that part. */
  readonly near: string | undefined;

  constructor(offset: number, length: number, message: string, hint?: string, near?: string) {
    super('invalid-argument', message, hint === undefined ? {} : { hint });
    this.near = near;
    this.name = 'QueryError';
    this.offset = offset;
    this.length = length;
  }
}
