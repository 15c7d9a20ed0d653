import { FocalError } from '@focal/core';

/**
 * One rule of a port. Plain functions, so that the same suite runs in a test runner and inside of a browser's page:
 *
 * @example
 * describe('the Node runtime', () => {
 *   it.each(runtimeContract({ open }))('$name', async ({ run }) => expect(await run()).toBeUndefined());
 * });
 */
export interface ContractCase {
  readonly name: string;
  /** Rejects, saying what was expected, where the rule is broken. */
  readonly run: () => Promise<void>;
}

/** Throws unless both are the same as JSON. */
export function assertSame(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`Expected ${what} to be ${wanted}, got ${got}.`);
}

/** Throws unless the work rejects with a FocalError of this code; gives the error. */
export async function assertRejects(work: () => Promise<unknown>, code: FocalError['code']): Promise<FocalError> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    if (error instanceof FocalError && error.code === code) return error;
    const got = error instanceof FocalError ? `${error.code}: ${error.message}` : String(error);
    throw new Error(`Expected the error ${code}, got ${got}.`, { cause: error });
  }
  throw new Error(`Expected the error ${code}, got the result ${typeof result}.`);
}

/** Throws unless the text holds this part. */
export function assertMentions(text: string | undefined, part: string): void {
  if (!text?.includes(part)) throw new Error(`Expected a text that mentions ${part}, got ${text ?? 'none'}.`);
}
