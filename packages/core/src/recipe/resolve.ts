import type { Effect, LayOutText } from '../effects/effect.ts';
import { FocalError } from '../errors.ts';
import type { Matte } from '../picture/matte.ts';
import type { Picture } from '../picture/picture.ts';
import { faceDistance } from '../scene/face-distance.ts';
import { pickSubject } from '../scene/pick.ts';
import { regionArea } from '../scene/region.ts';
import type { Face, RegionMatte, Scene, Subject } from '../scene/scene.ts';
import type { TextBlock } from '../text/text-layout.ts';
import { type CorrectedSelection, createCorrector } from './corrections/resolve.ts';
import { checkSteps, isCorrected, type Recipe } from './recipe.ts';
import { joinFaces, joinRegions } from './regions.ts';
import { formatSelector, isPortable, type Selector } from './selector.ts';

/** What a selector means in one scene. Plain data. */
export interface ResolvedSelection {
  /** Equal for selections of the same pixels, but for `inverted`. */
  readonly key: string;
  /** Of the whole picture, at model resolution. Absent: everything. */
  readonly matte?: Matte;
  /** Whether all but the matte is meant. */
  readonly inverted: boolean;
  /** What was done to the matte's edge by hand, before it is inverted. */
  readonly corrected?: CorrectedSelection;
  readonly subjects: readonly Subject[];
  readonly faces: readonly Face[];
}

/** A step whose selector is resolved. Plain data. */
export interface ResolvedStep {
  readonly effect: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of pictures, by the effect's names for them. */
  readonly assets: Readonly<Record<string, string>>;
  readonly opacity: number;
  readonly selection: ResolvedSelection;
  /** Of effects that write: in px of the picture that the recipe was resolved for. */
  readonly text?: TextBlock;
}

/** A step that was left out: its place in the recipe, from 0, and why, as a sentence. */
export interface SkippedStep {
  readonly index: number;
  readonly reason: string;
}

export interface ResolvedRecipe {
  readonly steps: readonly ResolvedStep[];
  /** Sentences for the user: steps that were left out, and why. */
  readonly warnings: readonly string[];
  readonly skipped: readonly SkippedStep[];
}

/** A person that is known: all vectors of their face that there are. */
export interface KnownPerson {
  readonly name: string;
  readonly vectors: readonly Float32Array[];
}

export interface ResolveOptions {
  /** Leave steps out that name somebody who is not there, with a warning, instead of throwing. Default false. */
  readonly lenient?: boolean;
  readonly known?: readonly KnownPerson[];
  /** The fonts there are. Without them effects that write throw `invalid-argument`. */
  readonly layOut?: LayOutText;
}

const LENIENT = 'leave out what does not apply: --lenient on the command line, lenient elsewhere.';

const NOBODY: ResolvedSelection = { key: 'nobody', inverted: false, subjects: [], faces: [] };

/**
 * Faces nearer to each other than this, Euclidean, are one person's for sure: strangers lie nearer than .6 now and then,
 * and whoever is spared by mistake is seen by all.
 */
export const SURELY_SAME = 0.45;

/**
 * The steps of a recipe for one picture: whom each acts on, with their mattes. Some milliseconds; the same in, the same
 * out. Throws `invalid-argument` where the scene lacks a fact, `not-found` where nobody is there whom a step names, or
 * nothing where a correction picks.
 */
export function resolveRecipe(
  recipe: Recipe,
  picture: Picture,
  scene: Scene,
  options: ResolveOptions = {},
): ResolvedRecipe {
  const steps: ResolvedStep[] = [];
  const warnings: string[] = [];
  const skipped: SkippedStep[] = [];
  const found = new Map<string, ResolvedSelection | string>();
  const correctEdge = createCorrector(recipe.edits, picture, scene);
  for (const { index, effect, selector, params, assets, opacity } of checkSteps(recipe)) {
    const key = formatSelector(selector);
    const plain = found.get(key) ?? resolveSelector(selector, picture, scene, options.known);
    found.set(key, plain);
    const nobody = typeof plain === 'string' ? takeNobody(effect, selector, scene) : undefined;
    if (nobody !== undefined) warnings.push(plain as string);
    const selection = nobody ?? (isCorrected(effect) ? correct(plain, selector) : plain);
    if (typeof selection !== 'string') {
      const written = effect.layOut?.(params as never, { picture, scene }, options.layOut ?? refuseText);
      if (effect.layOut !== undefined && written === undefined)
        warnings.push(`The step ${effect.name} has no text to write.`);
      if (written?.warning !== undefined) warnings.push(written.warning);
      steps.push({ effect: effect.name, params, assets, opacity, selection, ...(written && { text: written.block }) });
    } else if (options.lenient === true) {
      skipped.push({ index, reason: selection });
      warnings.push(`${selection} The step ${effect.name} was left out.`);
    } else {
      throw new FocalError('not-found', `${selection} The step ${effect.name} has nothing to act on.`, {
        hint: `Choose somebody else, or ${LENIENT}`,
      });
    }
  }
  return { steps, warnings, skipped };

  function correct(plain: ResolvedSelection | string, selector: Selector): ResolvedSelection | string {
    if (typeof plain === 'string') return plain;
    const { selection, missed } = correctEdge(plain, selector);
    const [sentence] = missed;
    if (sentence !== undefined && options.lenient !== true) {
      throw new FocalError('not-found', sentence, {
        hint: `Pick another place, or ${LENIENT}`,
      });
    }
    const told = missed.map((each) => `${each} The correction was left out.`);
    warnings.push(...told.filter((each) => !warnings.includes(each)));
    return selection;
  }
}

function refuseText(): never {
  throw new FocalError('invalid-argument', 'Expected fonts to write with, got none.');
}

/** What an effect does where nobody is there: what hides still covers what is unsure; only a wrong name is an error. */
export function takeNobody(effect: Effect, selector: Selector, scene: Scene): ResolvedSelection | undefined {
  if (effect.order !== 'first' || !isPortable(selector)) return undefined;
  if (selector.role !== 'faces' && selector.role !== 'unknown-faces') return NOBODY;
  return { ...NOBODY, key: keyOfFaces([]), subjects: ownersOf(scene, []) };
}

/** Whom a selector means in this scene, or a sentence about who is not there. Throws as {@link resolveRecipe}. */
export function resolveSelector(
  selector: Selector,
  picture: Picture,
  scene: Scene,
  known: readonly KnownPerson[] = [],
): ResolvedSelection | string {
  const aspect = scene.width / scene.height;
  const all = subjectsOf(scene).map((subject) => subject.matte);
  const join = (parts: readonly RegionMatte[]) => joinRegions(parts, { all, matte: scene.matte?.matte, aspect });
  const of = (subjects: readonly Subject[], sentence: string): ResolvedSelection | string => {
    if (subjects.length === 0) return sentence;
    const key = `subjects:${subjects.map(({ id }) => id).join(',')}`;
    const matte = join(subjects.map((subject) => subject.matte));
    return { key, matte, inverted: false, subjects, faces: facesOf(scene, subjects) };
  };
  switch (selector.role) {
    case 'everything':
      return { key: 'everything', inverted: false, subjects: subjectsOf(scene), faces: allFaces(scene) };
    case 'main':
    case 'background': {
      const { matte } = expectFact(scene.matte, 'matte');
      const isInverted = selector.role === 'background';
      return { key: 'main', matte, inverted: isInverted, subjects: subjectsOf(scene), faces: allFaces(scene) };
    }
    case 'everyone':
      return of(peopleOf(scene), 'There is no person in this picture.');
    case 'except': {
      const { ids } = selector;
      const unknown = ids.find((id) => !peopleOf(scene).some((person) => person.id === id));
      if (unknown !== undefined) return missing(unknown, peopleOf(scene));
      const others = peopleOf(scene).filter(({ id }) => !ids.includes(id));
      return of(others, `There is no person in this picture but ${ids.join(', ')}.`);
    }
    case 'things': {
      const { label } = selector;
      const things = subjects(scene).filter(
        (each) => each.kind === 'object' && (label === undefined || each.label === label),
      );
      return of(
        things,
        label === undefined ? 'There is no thing in this picture.' : `There is no ${label} in this picture.`,
      );
    }
    case 'largest': {
      const [largest] = [...subjects(scene)].sort((a, b) => regionArea(b.matte) - regionArea(a.matte));
      return of(largest === undefined ? [] : [largest], 'There is no person or thing in this picture.');
    }
    case 'most-smiling': {
      const smile = (person: Subject) =>
        Math.max(-1, ...facesOf(scene, [person]).map((face) => face.expression?.smile ?? -1));
      const [first] = peopleOf(scene)
        .filter((person) => smile(person) >= 0)
        .sort((a, b) => smile(b) - smile(a));
      return of(first === undefined ? [] : [first], 'There is no person with a face in this picture.');
    }
    case 'subject': {
      const subject = subjects(scene).find(({ id }) => id === selector.id);
      return subject === undefined ? missing(selector.id, subjects(scene)) : of([subject], '');
    }
    case 'subjects': {
      const unknown = selector.ids.find((id) => !subjects(scene).some((subject) => subject.id === id));
      if (unknown !== undefined) return missing(unknown, subjects(scene));
      return of(
        subjects(scene).filter(({ id }) => selector.ids.includes(id)),
        '',
      );
    }
    case 'at': {
      const pick = pickSubject(picture, scene, selector);
      if (pick === undefined) return `There is no subject at ${selector.x}, ${selector.y}.`;
      const chosen = subjectsOf(scene).filter(({ id }) => id === pick.subjectId);
      const matte = join([pick.matte]);
      return { key: formatSelector(selector), matte, inverted: false, subjects: chosen, faces: facesOf(scene, chosen) };
    }
    case 'faces':
    case 'unknown-faces': {
      const there = expectFact(scene.faces, 'faces').faces;
      const faces = selector.role === 'faces' ? there : there.filter((face) => !isKnown(face, known));
      if (faces.length === 0) {
        return there.length === 0 ? 'There is no face in this picture.' : 'Everybody in this picture is known.';
      }
      const matte = joinFaces(faces, aspect);
      return { key: keyOfFaces(faces), matte, inverted: false, subjects: ownersOf(scene, faces), faces };
    }
  }
}

function keyOfFaces(faces: readonly Face[]): string {
  return `faces:${faces.map(({ id }) => id).join(',')}`;
}

/** Whose these faces are, with the people of whom no face was found: they are none of those who are to be spared. */
function ownersOf(scene: Scene, faces: readonly Face[]): readonly Subject[] {
  const isFaceless = ({ kind, faceIds }: Subject) => kind === 'person' && faceIds.length === 0;
  return subjectsOf(scene).filter((each) => isFaceless(each) || faces.some(({ id }) => each.faceIds.includes(id)));
}

function isKnown(face: Face, known: readonly KnownPerson[]): boolean {
  return findKnownPeople(face, known).length > 0;
}

/** Which of the known people the face surely is: none where it has no vector, more than one where they are much alike. */
export function findKnownPeople<T extends KnownPerson>(
  { vector }: Pick<Face, 'vector'>,
  known: readonly T[],
): readonly T[] {
  if (vector === undefined) return [];
  return known.filter(({ vectors }) => vectors.some((other) => faceDistance(vector, other) < SURELY_SAME));
}

function missing(id: string, there: readonly Subject[]): string {
  const names = there.map((subject) => subject.id).join(', ');
  return names === ''
    ? `There is no ${id} in this picture, nor anybody else.`
    : `There is no ${id} in this picture, only ${names}.`;
}

function subjects(scene: Scene): readonly Subject[] {
  return expectFact(scene.subjects, 'subjects').subjects;
}

function peopleOf(scene: Scene): readonly Subject[] {
  return subjects(scene).filter(({ kind }) => kind === 'person');
}

/** As far as the scene knows. */
function subjectsOf(scene: Scene): readonly Subject[] {
  return scene.subjects?.subjects ?? [];
}

function allFaces(scene: Scene): readonly Face[] {
  return scene.faces?.faces ?? [];
}

function facesOf(scene: Scene, people: readonly Subject[]): readonly Face[] {
  return allFaces(scene).filter(({ id }) => people.some(({ faceIds }) => faceIds.includes(id)));
}

function expectFact<T>(fact: T | undefined, name: string): T {
  if (fact !== undefined) return fact;
  throw new FocalError('invalid-argument', `Expected a scene that holds the fact ${name}, got one without.`, {
    hint: 'Analyse the picture for what the recipe needs first (recipeNeeds).',
  });
}
