import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The folder of an installed npm package, or nothing. Found the way Node finds packages from here, but by folder: a
 * package's `exports` may hide the model files that Focal wants, and none of its code is run.
 */
export function findPackageFolder(name: string): string | undefined {
  const roots = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return roots.map((root) => join(root, ...name.split('/'))).find((folder) => existsSync(join(folder, 'package.json')));
}
