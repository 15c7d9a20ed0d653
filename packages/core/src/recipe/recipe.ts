import { z } from 'zod';
import { describeIssue, describeValue } from '../describe-issue.ts';
import { parseParameters } from '../effects/describe.ts';
import type { Effect } from '../effects/effect.ts';
import { getEffect } from '../effects/index.ts';
import { FocalError } from '../errors.ts';
import { completeFacts } from '../scene/facts.ts';
import type { Fact } from '../scene/scene.ts';
import { correctionNeeds, type Edits, editsSchema } from './corrections/edits.ts';
import { anySelector, isPortable, parseSelector, type Selector, selectorNeeds } from './selector.ts';

export const RECIPE_VERSION = 1;
/** More steps than anybody stacks by hand. */
const MAX_STEPS = 100;
/** Characters of a recipe's JSON, with the pictures in it. */
const MAX_LENGTH = 48 * 1024 * 1024;

const name = z.string().min(1).max(200);

const stepSchema = z.strictObject({
  effect: z.string().min(1).max(60),
  /** Whom or what it acts on, also in short form; default: the effect's own. */
  on: anySelector.optional(),
  /** By the effect's schema; what is left out has its default. */
  params: z.record(z.string(), z.unknown()).default({}),
  /** The effect's further pictures: names of the recipe's `pictures`, or of such that the caller hands in. */
  assets: z.record(z.string(), name).default({}),
  enabled: z.boolean().default(true),
  /** How much of the change is kept, 0..1. */
  opacity: z.number().min(0).max(1).default(1),
});

/** What to do with any picture. */
const lookSchema = z.strictObject({
  name: name.optional(),
  steps: z.array(stepSchema).max(MAX_STEPS),
});

/**
 * What to do with a picture, as JSON: a `look`, which suits any, and `pictures` that come with it as files in base64.
 * A look whose steps name single subjects or places belongs to one picture, as `edits` do: what was corrected by hand.
 */
export const recipeSchema = z.strictObject({
  format: z.literal('focal-recipe'),
  version: z.literal(RECIPE_VERSION),
  look: lookSchema,
  edits: editsSchema.optional(),
  pictures: z.record(z.string(), z.strictObject({ base64: z.base64() })).optional(),
});

export type Recipe = z.output<typeof recipeSchema>;
export type RecipeStep = Recipe['look']['steps'][number];

/** A step checked against its effect. */
export interface CheckedStep {
  /** Its place in the recipe, from 0. */
  readonly index: number;
  readonly effect: Effect;
  readonly selector: Selector;
  /** With defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of pictures, by the effect's names for them. */
  readonly assets: Readonly<Record<string, string>>;
  readonly opacity: number;
}

/** A recipe of these steps. Throws as {@link checkSteps}. */
export function createRecipe(steps: readonly (Partial<RecipeStep> & { readonly effect: string })[]): Recipe {
  return parseRecipe({ format: 'focal-recipe', version: RECIPE_VERSION, look: { steps } });
}

/**
 * A recipe out of its JSON, as text or as data, checked down to each parameter. Throws `invalid-argument` naming the
 * step and what was expected, `too-large` for text of more than 48 MB.
 */
export function parseRecipe(json: unknown): Recipe {
  const raw = typeof json === 'string' ? readJson(json) : json;
  if (typeof raw !== 'object' || raw === null || !('format' in raw) || raw.format !== 'focal-recipe') {
    throw new FocalError('invalid-argument', 'Expected a recipe of Focal, got something else.', {
      hint: 'A recipe is JSON that begins with {"format": "focal-recipe", "version": 1, "look": {"steps": […]}}.',
    });
  }
  const { version } = raw as { version?: unknown };
  if (version !== RECIPE_VERSION) {
    throw new FocalError(
      'invalid-argument',
      `Expected a recipe of version ${RECIPE_VERSION}, got version ${describeValue(version)}.`,
      { hint: 'It was made by another version of Focal: update Focal.' },
    );
  }
  const result = recipeSchema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new FocalError(
      'invalid-argument',
      `The recipe is not valid at ${placeOf(issue?.path ?? [])}: ${describeIssue(issue, raw)}.`,
    );
  }
  refuseProto(raw as z.input<typeof recipeSchema>);
  checkSteps(result.data);
  return result.data;
}

/** Zod leaves `__proto__` out of records without a word. */
function refuseProto({ look, pictures }: z.input<typeof recipeSchema>): void {
  const named = look.steps.flatMap(({ params, assets }, i) => [
    [`step ${i + 1}, params`, params] as const,
    [`step ${i + 1}, assets`, assets] as const,
  ]);
  for (const [place, values] of [...named, ['pictures', pictures] as const]) {
    if (values === undefined || !Object.hasOwn(values, '__proto__')) continue;
    throw new FocalError('invalid-argument', `The recipe is not valid at ${place}: there is no __proto__.`);
  }
}

/**
 * The steps that are switched on, in the order in which they run: what hides first, what crops last. Throws
 * `invalid-argument` for unknown effects, parameters and pictures.
 */
export function checkSteps(recipe: Recipe): readonly CheckedStep[] {
  const steps = recipe.look.steps.map((step, index) => within(index, () => checkStep(step, index)));
  const on = steps.filter((_, index) => recipe.look.steps[index]?.enabled);
  const place = ({ effect }: CheckedStep) => (effect.order === 'first' ? 0 : effect.order === 'last' ? 2 : 1);
  return on.sort((a, b) => place(a) - place(b));
}

function checkStep(step: RecipeStep, index: number): CheckedStep {
  const effect = getEffect(step.effect);
  const params = parseParameters(effect, step.params);
  for (const asset of Object.keys(step.assets)) {
    if (effect.assets.some((each) => each.name === asset)) continue;
    throw new FocalError('invalid-argument', `${effect.name} takes no picture called ${asset}.`);
  }
  if (step.on !== undefined && effect.on === undefined) {
    throw new FocalError('invalid-argument', `${effect.name} does not take whom it acts on.`, {
      hint: 'Leave "on" out of this step.',
    });
  }
  if (effect.order === 'first' && step.opacity < 1) {
    throw new FocalError('invalid-argument', `Expected an opacity of 1 for ${effect.name}, got ${step.opacity}.`, {
      hint: 'What shines through is not hidden.',
    });
  }
  const selector = step.on ?? parseSelector(effect.on ?? 'everything');
  return { index, effect, selector, params, assets: step.assets, opacity: step.opacity };
}

function within<T>(index: number, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof FocalError)) throw error;
    const { code, message, hint } = error;
    throw new FocalError(code, `Step ${index + 1}: ${message}`, { ...(hint !== undefined && { hint }), cause: error });
  }
}

/** The facts that a recipe rests on. */
export function recipeNeeds(recipe: Recipe): readonly Fact[] {
  return completeFacts(checkSteps(recipe).flatMap((step) => stepNeeds(step, recipe.edits)));
}

/** The facts that a step rests on, with those that they rest on. */
export function stepNeeds({ effect, selector, params }: CheckedStep, edits?: Edits): readonly Fact[] {
  const own = effect.needsOf?.(params) ?? effect.needs;
  return completeFacts([
    // A selection stands in for the matte.
    ...(effect.on === undefined ? own : own.filter((fact) => fact !== 'matte')),
    ...(isCorrected(effect) ? correctionNeeds(edits, selector) : []),
    ...selectorNeeds(selector),
  ]);
}

/** Whether parts of an opaque picture may become transparent. */
export function mayClear(recipe: Recipe): boolean {
  return checkSteps(recipe).some(({ effect, params }) => effect.clears?.(params as never) === true);
}

/** Whether corrections by hand act on what the effect's steps select. What hides goes by who is there, not by edges. */
export function isCorrected({ order }: Effect): boolean {
  return order !== 'first';
}

/** Whether the recipe suits any picture. */
export function isPortableRecipe(recipe: Recipe): boolean {
  if (recipe.edits !== undefined && recipe.edits.corrections.length > 0) return false;
  return recipe.look.steps.every(({ on }) => on === undefined || isPortable(on));
}

function readJson(text: string): unknown {
  if (text.length > MAX_LENGTH) {
    throw new FocalError(
      'too-large',
      `Expected a recipe of at most ${MAX_LENGTH >> 20} MB, got ${text.length >> 20} MB.`,
      {
        hint: 'Hand large pictures over beside the recipe, by their names.',
      },
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail =
      text.trim() === ''
        ? 'nothing'
        : `text that is no JSON: ${error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : ''}`;
    throw new FocalError('invalid-argument', `Expected a recipe as JSON, got ${detail}.`, { cause: error });
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  const [first, second, index, ...rest] = path;
  if (first === 'look' && second === 'steps' && typeof index === 'number') {
    return [`step ${index + 1}`, ...rest.map(String)].join(', ');
  }
  return path.length === 0 ? 'its top' : path.map(String).join('.');
}
