import { createDraw } from '../effects/backdrop/random.ts';
import { parseParameters } from '../effects/describe.ts';
import { getEffect } from '../effects/index.ts';
import { FocalError } from '../errors.ts';
import { createRecipe, type Recipe, type RecipeStep } from '../recipe/recipe.ts';
import { parseSelector } from '../recipe/selector.ts';
import { completeFacts } from '../scene/facts.ts';
import type { ExpressionName, Face, Fact, Scene } from '../scene/scene.ts';
import { createDefaultRules } from './default-rules.ts';
import type { Condition, Rule, Rules } from './rules.ts';

/** What a smart filter looks at. */
export const SMART_FACTS: readonly Fact[] = completeFacts(['matte', 'objects', 'expressions', 'subjects']);

/** A picture of the user's that may stand behind, with words for what it shows. */
export interface TaggedBackground {
  readonly name: string;
  readonly tags: readonly string[];
}

export interface SmartOptions {
  /** Another number, another choice among those that suit. Default 1. */
  readonly seed?: number;
  /** Which face decides: the one that smiles most, or all of them together. Default `most-smiling`. */
  readonly group?: 'most-smiling' | 'all';
  /** A mood word in place of the one that the rules would choose, such as `snow` or `birthday`. */
  readonly mood?: string;
  /** A caption in place of the rules'; empty: none. */
  readonly caption?: string;
  /** The user's own rules, which come before Focal's. */
  readonly rules?: Rules;
  /** The user's own backgrounds: one whose tags fit the mood is taken in place of a drawn one. */
  readonly backgrounds?: readonly TaggedBackground[];
}

/** The words of a file's name, for {@link TaggedBackground}: `beach-sunset_2.jpg` gives beach and sunset. */
export function wordsOfName(fileName: string): readonly string[] {
  return fileName
    .replace(/\.\w+$/, '')
    .split(/[^\p{L}]+/u)
    .filter((each) => each.length > 1);
}

/** What was chosen, and why. */
export interface SmartChoice {
  readonly recipe: Recipe;
  readonly rule: string;
  readonly mood: string;
  /** Name of the user's background that was taken. */
  readonly background?: string;
  /** Sentences: what was seen, which rule held, what that gave. Of expressions, never of feelings. */
  readonly because: readonly string[];
}

/** Throws `invalid-argument` for a mood that no rule knows, before any photo is looked at. */
export function assertMood({ mood, rules }: Pick<SmartOptions, 'mood' | 'rules'>): void {
  if (mood !== undefined) findMood(mood, { ...createDefaultRules().moods, ...rules?.moods });
}

// Which draw of the seed is for what.
const DRAW = { mood: 1, look: 2, caption: 3, background: 4, seed: 5 } as const;
const SERIOUS: Readonly<Record<ExpressionName, string>> = {
  angry: 'an angry',
  disgusted: 'a disgusted',
  fearful: 'a fearful',
  happy: 'a happy',
  neutral: 'a neutral',
  sad: 'a sad',
  surprised: 'a surprised',
};

/**
 * A look that suits what is in the photo, by rules. The same scene, rules and seed give the same look. Throws
 * `invalid-argument` for a mood that no rule knows, and for a scene without {@link SMART_FACTS}.
 *
 * @example
 * chooseLook(scene, { seed: 2 }).because[1] // 'The rule "a bright smile" holds.'
 */
export function chooseLook(scene: Scene, options: SmartOptions = {}): SmartChoice {
  const missing = SMART_FACTS.find((fact) => !scene.facts.includes(fact));
  if (missing !== undefined) {
    throw new FocalError(
      'invalid-argument',
      `Choosing a look needs the fact ${missing}, which this scene does not hold.`,
    );
  }
  const { seed = 1, group = 'most-smiling', backgrounds = [] } = options;
  const draw = createDraw(seed);
  const own = createDefaultRules();
  const moods = { ...own.moods, ...options.rules?.moods };
  const seen = look(scene, group);
  const rules = [...(options.rules?.rules ?? []), ...own.rules];
  const rule = rules.find(({ when }) => holds(when, seen)) ?? (rules.at(-1) as Rule);
  const mood = options.mood === undefined ? pick(rule.moods, draw(0, DRAW.mood)) : findMood(options.mood, moods);
  const chosen = moods[mood];
  if (chosen === undefined) throw new FocalError('internal', `There is no mood ${mood}.`);
  const steps = pick(chosen.looks, draw(0, DRAW.look));
  const words = new Set([mood, ...chosen.words, ...(options.mood === undefined ? [] : [options.mood])].map(toKey));
  const fitting = backgrounds.filter(({ tags }) => tags.some((tag) => words.has(toKey(tag))));
  const background = fitting.length === 0 ? undefined : pick(fitting, draw(0, DRAW.background));
  const text = options.caption ?? (rule.captions.length === 0 ? '' : pick(rule.captions, draw(0, DRAW.caption)));
  const recipe = createRecipe([
    ...steps.map((step) => toStep(step, background, Math.floor(draw(0, DRAW.seed) * 99_999))),
    ...(text === ''
      ? []
      : [
          { effect: 'caption', params: { text, margin: steps.some(({ effect }) => effect === 'frame') ? 0.14 : 0.05 } },
        ]),
  ]);
  return {
    recipe,
    rule: rule.name,
    mood,
    ...(background !== undefined && { background: background.name }),
    because: [
      describe(seen, group),
      `The rule "${rule.name}" holds.`,
      `${options.mood === undefined ? `Of its moods (${rule.moods.join(', ')}), roll ${seed} takes ${mood}` : `You asked for ${mood}`}: ${listOf(recipe.look.steps.flatMap(describeStep))}.`,
      ...(background === undefined ? [] : [`${background.name} among your backgrounds fits it.`]),
      ...(text === '' || options.caption !== undefined ? [] : ['The caption is among those of the rule.']),
    ],
  };
}

/** What the rules go by. */
interface Seen {
  readonly people: number;
  readonly faces: number;
  readonly smile: number | undefined;
  readonly expression: ExpressionName | undefined;
  readonly things: ReadonlySet<string>;
}

function look(scene: Scene, group: 'most-smiling' | 'all'): Seen {
  const faces = scene.faces?.faces ?? [];
  const subjects = scene.subjects?.subjects ?? [];
  const labels = [...subjects.map(({ label }) => label), ...(scene.objects?.objects.map(({ label }) => label) ?? [])];
  const deciding = group === 'all' ? faces : [...faces].sort((a, b) => smileOf(b) - smileOf(a)).slice(0, 1);
  const known = deciding.filter(({ expression }) => expression !== undefined);
  const smile = known.length === 0 ? undefined : known.reduce((sum, face) => sum + smileOf(face), 0) / known.length;
  return {
    people: subjects.filter(({ kind }) => kind === 'person').length,
    faces: faces.length,
    smile,
    expression: strongest(known),
    things: new Set(labels.filter((label) => label !== 'person')),
  };
}

function smileOf({ expression }: Face): number {
  return expression?.smile ?? 0;
}

/** The expression that is likelier than all others together, if one is: a resting face has some of many. */
function strongest(faces: readonly Face[]): ExpressionName | undefined {
  const shares = new Map<ExpressionName, number>();
  for (const { expression } of faces) {
    for (const [name, value] of Object.entries(expression?.distribution ?? {})) {
      const key = name as ExpressionName;
      shares.set(key, (shares.get(key) ?? 0) + value / faces.length);
    }
  }
  return [...shares].find(([, share]) => share > 0.5)?.[0];
}

function holds(when: Condition, seen: Seen): boolean {
  const { people, faces, smile, expression, things } = when;
  return (
    isWithin(seen.people, people) &&
    isWithin(seen.faces, faces) &&
    (smile === undefined || (seen.smile !== undefined && isWithin(seen.smile, smile))) &&
    (expression === undefined || (seen.expression !== undefined && expression.includes(seen.expression))) &&
    (things === undefined || things.some((name) => seen.things.has(name)))
  );
}

function isWithin(value: number, range: { min?: number | undefined; max?: number | undefined } | undefined): boolean {
  return value >= (range?.min ?? -Infinity) && value <= (range?.max ?? Infinity);
}

/** The mood of that name, or the first that has it among its words. */
function findMood(asked: string, moods: Rules['moods']): string {
  const key = toKey(asked);
  const found =
    Object.keys(moods).find((name) => toKey(name) === key) ??
    Object.keys(moods).find((name) => moods[name]?.words.some((word) => toKey(word) === key));
  if (found !== undefined) return found;
  const all = Object.entries(moods).flatMap(([name, { words }]) => [name, ...words]);
  throw new FocalError('invalid-argument', `Expected a mood, got ${JSON.stringify(asked)}.`, {
    hint: `Words that are known: ${all.join(', ')}.`,
  });
}

function toKey(word: string): string {
  return word.trim().toLowerCase();
}

function pick<T>(list: readonly T[], share: number): T {
  return list[Math.min(list.length - 1, Math.floor(share * list.length))] as T;
}

type RuleStep = Rules['moods'][string]['looks'][number][number];

/** A rule's step, with the user's background in place of a drawn one, and the seed where something is drawn. */
function toStep(
  { effect, on, params, opacity }: RuleStep,
  background: TaggedBackground | undefined,
  seed: number,
): Partial<RecipeStep> & { effect: string } {
  const base = { effect, opacity, ...(on !== undefined && { on: parseSelector(on) }) };
  if (effect !== 'background') return { ...base, params };
  if (background !== undefined) {
    return { ...base, params: { kind: 'picture' }, assets: { background: background.name } };
  }
  return { ...base, params: params.kind === 'pattern' ? { ...params, seed } : params };
}

/** What a step gives, in a word or a few; nothing of captions, which are told apart. */
function describeStep({ effect, params }: RecipeStep): readonly string[] {
  if (effect === 'caption') return [];
  if (effect !== 'background') return [getEffect(effect).title.toLowerCase()];
  const { kind, pattern } = parseParameters(getEffect(effect), params);
  if (kind === 'pattern') return [`a drawn background (${String(pattern)})`];
  return [kind === 'picture' ? 'your background' : 'a background of colours'];
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function describe({ people, faces, smile, expression, things }: Seen, group: string): string {
  const count = (n: number, one: string, many: string) => (n === 1 ? `one ${one}` : `${n} ${many}`);
  if (faces === 0) {
    const names = [...things].slice(0, 4).join(', ');
    const who = people === 0 ? 'No person' : `${count(people, 'person', 'people')} without a face to be seen`;
    return `${capital(who)} was found${names === '' ? '' : `; ${names}`}.`;
  }
  if (smile === undefined) return `${capital(count(faces, 'face was', 'faces were'))} found.`;
  const whose = faces === 1 ? 'it' : group === 'all' ? 'all together' : 'the one that smiles most';
  const kind = expression === undefined ? '' : `, with ${SERIOUS[expression]} expression`;
  return `${capital(count(faces, 'face was', 'faces were'))} found; ${whose}: smile ${Math.round(smile * 100)} %${kind}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
