import { z } from 'zod';
import { countOutlines, type HideOptions, listHidden, outlineHidden } from '../anonymise/hidden.ts';
import { planCovers } from '../anonymise/paint.ts';
import type { CoverStyle } from '../anonymise/styles.ts';
import type { Plan } from '../async/plan.ts';
import { FocalError } from '../errors.ts';
import { parseColor } from '../picture/color.ts';
import { convertRgb } from '../picture/color-space.ts';
import type { Picture } from '../picture/picture.ts';
import { createSrgbTables } from '../picture/srgb.ts';
import type { Fact } from '../scene/scene.ts';
import type { Effect, EffectInput } from './effect.ts';
import { colorText } from './parameters.ts';

const schema = z.object({
  hide: z.enum(['faces', 'people']).default('faces').meta({
    title: 'Hide',
    description: 'Faces with hair and ears, or whole people.',
  }),
  style: z.enum(['blur', 'mosaic', 'solid', 'picture']).default('blur').meta({
    title: 'Style',
    description: 'What is seen instead. Always made of what lies around it, never of what is hidden.',
  }),
  color: colorText.default('#202226').meta({
    title: 'Colour',
    description: 'Colour of the covers.',
    control: 'color',
    when: { parameter: 'style', is: ['solid'] },
  }),
  cells: z
    .int()
    .min(3)
    .max(24)
    .default(9)
    .meta({
      title: 'Squares',
      description: 'How many squares a face is high.',
      step: 1,
      when: { parameter: 'style', is: ['mosaic'] },
    }),
  grain: z
    .number()
    .min(0)
    .max(1)
    .default(0.35)
    .meta({
      title: 'Grain',
      description: 'Strength of the noise in the blur.',
      step: 0.01,
      when: { parameter: 'style', is: ['blur', 'picture'] },
    }),
  softness: z
    .number()
    .min(0)
    .max(0.3)
    .default(0.06)
    .meta({
      title: 'Soft edge',
      description: 'How far covers fade out beyond what they hide.',
      step: 0.01,
      when: { parameter: 'style', is: ['blur', 'picture'] },
    }),
  margin: z.number().min(0).max(1).default(0).meta({
    title: 'Margin',
    description: 'How much larger than usual the covers are.',
    step: 0.01,
  }),
  outline: z
    .enum(['hull', 'matte'])
    .default('hull')
    .meta({
      title: 'Outline',
      description:
        'Of whole people: hull hides how they stand; with matte the silhouette stays, and they may be told by it.',
      when: { parameter: 'hide', is: ['people'] },
    }),
  unsure: z.boolean().default(true).meta({
    title: 'Unsure faces',
    description: 'Cover what may be a face, and heads of people whose face was not found.',
  }),
  fast: z.boolean().default(false).meta({
    title: 'Fast',
    description: 'Look less closely for faces: some may be missed.',
  }),
  seed: z.int().min(0).max(999_999).default(1).meta({
    title: 'Seed',
    description: 'Another number, other colours and noise.',
    step: 1,
  }),
});

type Params = z.output<typeof schema>;

/**
 * Faces or people hidden for good: what stands in their place is made of what lies around it. With style=blur too, which
 * is no blur of the face. [Note: anonymised means gone]
 */
export const anonymise: Effect<typeof schema> = {
  name: 'anonymize',
  title: 'Anonymise',
  description: 'Hides faces or whole people for good: what is seen instead is made of what lies around them.',
  schema,
  needs: ['faces', 'possible-faces'],
  needsOf: anonymiseNeeds,
  assets: [
    { name: 'picture', title: 'Picture', description: 'Drawn over each face with style=picture: its middle square.' },
  ],
  on: 'everything',
  order: 'first',
  plan: planAnonymise,
};

/** The facts that the effect needs with these parameters. */
export function anonymiseNeeds({ fast, unsure, hide }: Pick<Params, 'fast' | 'unsure' | 'hide'>): readonly Fact[] {
  return [
    'faces',
    ...(unsure && !fast ? (['possible-faces'] as const) : []),
    ...(hide === 'people' ? (['subjects'] as const) : []),
  ];
}

/** What is hidden with these parameters: the same for the effect, and for what checks its result. */
export function toHideOptions(
  { hide, outline, margin, unsure, fast }: Params,
  selection: EffectInput<Params>['selection'],
): HideOptions {
  return { hide, outline, margin, unsure: unsure && !fast, ...(selection && { selection }) };
}

function planAnonymise(input: EffectInput<Params>): Plan<Picture> {
  const { picture, scene, params, assets, allocate, selection } = input;
  for (const fact of anonymiseNeeds(params)) {
    if (scene.facts.includes(fact)) continue;
    throw new FocalError('invalid-argument', `Anonymising needs the fact ${fact}, which this scene does not hold.`);
  }
  const sticker = params.style === 'picture' ? assets.picture : undefined;
  if (params.style === 'picture' && sticker === undefined) {
    throw new FocalError('invalid-argument', 'Expected a picture to cover faces with, got none.', {
      hint: 'Give the picture (--picture FILE on the command line), or choose another style.',
    });
  }
  const options = toHideOptions(params, selection);
  const targets = listHidden(scene, options);
  const hidden = () => outlineHidden(targets, picture.width / picture.height, options);
  const isSoft = params.style === 'blur' || params.style === 'picture';
  return planCovers(picture, hidden, countOutlines(targets, options), {
    style: toCoverStyle(params, picture),
    seed: params.seed,
    softness: isSoft ? params.softness : 0,
    ...(sticker && { sticker }),
    allocate,
  });
}

/** What covers are filled with, with these parameters. */
export function toCoverStyle(
  { style, color, cells, grain }: Pick<Params, 'style' | 'color' | 'cells' | 'grain'>,
  { colorSpace }: Pick<Picture, 'colorSpace'>,
): CoverStyle {
  switch (style) {
    case 'solid':
      return { kind: 'solid', color: convertRgb(parseColor(color), 'srgb', colorSpace, createSrgbTables()) };
    case 'mosaic':
      return { kind: 'mosaic', cells };
    case 'blur':
    case 'picture':
      return { kind: 'blur', grain };
  }
}
