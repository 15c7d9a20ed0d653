import { createRequire } from 'node:module';

type ReferencePackage =
  | '@litertjs/core'
  | '@litertjs/wasm-utils'
  | '@tensorflow/tfjs-backend-wasm'
  | '@tensorflow/tfjs-converter'
  | '@tensorflow/tfjs-core';

/**
 * Requires a package of `testing/references`, which stands outside the workspace so that a plain install does not
 * download it. Throws where it is not installed.
 */
export function requireReference(name: ReferencePackage): unknown {
  return openReferences(name)(name);
}

/** The path of the main file of a package of `testing/references`. Throws where it is not installed. */
export function resolveReference(name: ReferencePackage): string {
  return openReferences(name).resolve(name);
}

function openReferences(name: ReferencePackage): NodeJS.Require {
  const require = createRequire(new URL('../references/package.json', import.meta.url));
  try {
    require.resolve(name);
  } catch (cause) {
    throw new Error(`${name} is not installed: npm test, npm run check and npm run bench install it.`, { cause });
  }
  return require;
}
