import { FACTS, type Fact } from './scene.ts';

/** What tells most about the main subject: with it its id, and the faces that a crop must not cut. */
export const MAIN_SUBJECT_FACTS: readonly Fact[] = ['faces', 'subjects', 'saliency'];

/** The facts that each one rests on. */
const RESTS_ON: Readonly<Record<Fact, readonly Fact[]>> = {
  matte: [],
  objects: [],
  faces: [],
  expressions: ['faces'],
  identities: ['faces'],
  subjects: ['matte', 'objects', 'faces'],
  saliency: ['matte', 'objects', 'faces'],
  'possible-faces': ['objects', 'faces'],
};

/**
 * These facts and all that they rest on, each once, in the order of {@link FACTS}. What is made on the way is kept.
 * @example
 * completeFacts(['expressions']) // ['faces', 'expressions']
 */
export function completeFacts(facts: readonly Fact[]): readonly Fact[] {
  const all = new Set(facts.flatMap((fact) => [fact, ...RESTS_ON[fact]]));
  return FACTS.filter((fact) => all.has(fact));
}

export function isFact(name: string): name is Fact {
  return FACTS.some((fact) => fact === name);
}
