import { stat } from 'node:fs/promises';
import { fromPathKey } from './path-key.ts';

/** Whether a file as long as the one that was read is where it was. Other contents of the same length are told by a scan. */
export async function isFileThere(key: string, bytes: number): Promise<boolean> {
  const file = fromPathKey(key);
  const facts = await stat(typeof file === 'string' ? file : Buffer.from(file)).catch(() => undefined);
  return facts?.isFile() === true && facts.size === bytes;
}
