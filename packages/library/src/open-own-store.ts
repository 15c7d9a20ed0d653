import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedStore } from './store/embedded/open-embedded-store.ts';
import type { Store } from './store/store.ts';

/** Names within a library's folder. */
export const OWN_DATABASE = 'database';
/** What was restored whole and has not come into its place yet. */
export const RESTORED_DATABASE = 'database.restored';

/** The file that names who holds a library's folder. */
export function lockPath(folder: string): string {
  return join(folder, 'library.lock');
}

/**
 * The database in a library's folder, whose lock the caller holds. One that was not made to the end is begun anew; a
 * restore that was interrupted at its end is finished.
 */
export async function openOwnStore(folder: string, now: number): Promise<Store> {
  const path = join(folder, OWN_DATABASE);
  if (!(await isThere(path))) {
    const restored = join(folder, RESTORED_DATABASE);
    if (await isThere(restored)) await rename(restored, path);
    else {
      const half = join(folder, 'database.new');
      await rm(half, { recursive: true, force: true });
      await mkdir(half, { mode: 0o700 });
      await (await openEmbeddedStore(half, now)).close();
      await rename(half, path);
    }
  }
  return openEmbeddedStore(path, now);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
