import { FocalError } from '../errors.ts';
import { describeParameters } from './describe.ts';
import type { Effect, ParameterMeta } from './effect.ts';

/**
 * The parameters given, and those that they imply by their `when`: a colour for the background means a background of
 * colour, a picture for it means one of a picture. Throws `invalid-argument` where something would have no effect.
 * @param assetNames the further pictures given
 * @example implyParameters(cutout, { color: 'red' }, []) // { color: 'red', background: 'color' }
 */
export function implyParameters(
  effect: Effect,
  params: Readonly<Record<string, unknown>>,
  assetNames: readonly string[],
): Readonly<Record<string, unknown>> {
  const parameters = describeParameters(effect);
  const implied: Record<string, unknown> = { ...params };

  function imply(what: string, when: NonNullable<ParameterMeta['when']>): void {
    const other = parameters.find(({ name }) => name === when.parameter);
    if (other === undefined) return;
    const current = implied[other.name];
    if (when.is.some((value) => value === (current ?? other.default))) return;
    if (current !== undefined) {
      throw new FocalError(
        'invalid-argument',
        `${what} goes with ${other.name} ${when.is.join(' or ')}, not with ${JSON.stringify(current)}.`,
      );
    }
    implied[other.name] = when.is[0];
    // What that goes with in its turn.
    if (other.when !== undefined) imply(other.name, other.when);
  }

  for (const name of assetNames) {
    // The choice that has the picture's name, or one that knows pictures.
    const choice =
      parameters.find((each) => each.name === name) ??
      parameters.find((each) => each.type === 'enum' && each.values.includes('picture'));
    if (choice !== undefined) imply(`A picture for ${name}`, { parameter: choice.name, is: ['picture'] });
  }
  for (const { name, when } of parameters) {
    if (when !== undefined && params[name] !== undefined) imply(name, when);
  }
  return implied;
}
