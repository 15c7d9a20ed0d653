import { FACTS, type Fact, FocalError, isFact } from '@focal/core';
import { createOptionReader, type OptionReader } from './option-reader.ts';
import { toChoice, toSwitch } from './option-values.ts';

/** How alpha is written into the JSON. */
export const MATTE_FORMS = ['none', 'packbits', 'png'] as const;
export type MatteForm = (typeof MATTE_FORMS)[number];

/** What is found out where nothing is asked for: all but who people are, and what only hiding them needs. */
export const DEFAULT_FACTS: readonly Fact[] = FACTS.filter(
  (fact) => fact !== 'identities' && fact !== 'possible-faces',
);

export interface AnalyzeChoice {
  readonly facts: readonly Fact[];
  readonly mattes: MatteForm;
  /** Whether the numbers that tell who people are go out too. */
  readonly vectors: boolean;
}

export function createAnalyzeReader(): OptionReader<AnalyzeChoice> {
  return createOptionReader('analyze', ['facts', 'mattes', 'vectors'], (values) => {
    const vectors = toSwitch('vectors', values.get('vectors')) ?? false;
    const facts = toFacts(values.get('facts'));
    return {
      facts: vectors ? [...facts, 'identities'] : facts,
      mattes: toMatteForm('mattes', values.get('mattes')),
      vectors: vectors || facts.includes('identities'),
    };
  });
}

function toFacts(text: string | undefined): readonly Fact[] {
  if (text === undefined) return DEFAULT_FACTS;
  return text.split(',').map((part) => {
    const name = part.trim();
    if (isFact(name)) return name;
    throw new FocalError('invalid-argument', `Expected facts such as objects,faces, got ${JSON.stringify(name)}.`, {
      hint: `Facts are ${FACTS.join(', ')}.`,
    });
  });
}

/** Throws `invalid-argument` naming the option, what was expected and what came. */
export function toMatteForm(name: string, text: string | undefined): MatteForm {
  return toChoice(name, MATTE_FORMS, text) ?? 'none';
}
