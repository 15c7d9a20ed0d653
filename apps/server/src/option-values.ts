import { FocalError } from '@focal/core';

/** What is wrong with an option: what was expected, and what came. */
export function unexpected(what: string, got: string): FocalError {
  return new FocalError('invalid-argument', `Expected ${what}, got ${JSON.stringify(got.slice(0, 60))}.`);
}

/** Undefined where there is none. Throws `invalid-argument` for what is neither on nor off. */
export function toSwitch(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true' || text === '1' || text === '') return true;
  if (text === 'false' || text === '0') return false;
  throw unexpected(`true or false for ${name}`, text);
}

/** Undefined where there is none. Throws `invalid-argument` for any other word. */
export function toChoice<T extends string>(
  name: string,
  choices: readonly T[],
  text: string | undefined,
): T | undefined {
  const choice = choices.find((each) => each === text);
  if (text === undefined || choice !== undefined) return choice;
  throw unexpected(`one of ${choices.join(', ')} for ${name}`, text);
}

/** Undefined where there is none. Throws `invalid-argument` for no number or one out of range. */
export function toNumber(
  name: string,
  text: string | undefined,
  { min, max, isWhole = false }: { readonly min: number; readonly max: number; readonly isWhole?: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
  throw unexpected(`${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max} for ${name}`, text);
}
