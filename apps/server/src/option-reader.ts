import { FocalError } from '@focal/core';

/** Gathers the options of one request from its query and its form, as text. */
export interface OptionReader<Options> {
  /** Throws `invalid-argument` at a name that is unknown or came before. */
  set(name: string, value: string): void;
  /**
   * All of them checked, with what they and the further pictures imply. Throws `invalid-argument` naming the option,
   * what was expected and what came.
   * @param assetNames left out as long as it is not known which further pictures come
   */
  parse(assetNames?: readonly string[]): Options;
}

/** A reader of the options with these names. @param what whose options they are, for messages */
export function createOptionReader<Options>(
  what: string,
  known: readonly string[],
  parse: (values: ReadonlyMap<string, string>, assetNames?: readonly string[]) => Options,
): OptionReader<Options> {
  const values = new Map<string, string>();
  return {
    set(name, value) {
      if (!known.includes(name)) {
        throw new FocalError('invalid-argument', `${what} has no option ${JSON.stringify(name.slice(0, 60))}.`, {
          hint: `Its options are ${known.join(', ')}.`,
        });
      }
      if (values.has(name)) throw new FocalError('invalid-argument', `The option ${name} came twice.`);
      values.set(name, value);
    },
    parse: (assetNames) => parse(values, assetNames),
  };
}
