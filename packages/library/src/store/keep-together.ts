import { FocalError } from '@focal/core';

/**
 * Keeps all at once, each call of `keep` in a transaction of its own. Where the database refuses them for what one of
 * them holds, each half is kept by itself, so that this one is left alone with what is wrong. Throws what else goes wrong.
 */
export async function keepTogether<T>(
  items: readonly T[],
  keep: (items: readonly T[]) => Promise<void>,
  refuse: (item: T, error: FocalError) => Promise<void>,
): Promise<void> {
  try {
    await keep(items);
  } catch (error) {
    if (!isAboutData(error)) throw error;
    const [item] = items;
    if (items.length > 1) {
      await keepTogether(items.slice(0, items.length >> 1), keep, refuse);
      await keepTogether(items.slice(items.length >> 1), keep, refuse);
    } else if (item !== undefined) {
      await refuse(item, toDataError(error));
    }
  }
}

/** What PostgreSQL says of values that it cannot keep: data exceptions and broken constraints. */
function isAboutData(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}

/** The same for who has to find the file. */
function toDataError(cause: Error): FocalError {
  return new FocalError('corrupt-input', `What was read of the file cannot be kept: ${cause.message}`, {
    hint: 'If another program shows it well, please report it.',
    cause,
  });
}
