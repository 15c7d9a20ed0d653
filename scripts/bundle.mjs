// A step of the build: the command, and the code of each kind of worker thread, in few files. A process or thread loads
// its modules anew; a hundred of them take a quarter of a second, one file a sixth of that. What comes from npm beside
// zod stays outside.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'vite';
import { root } from './workspace.mjs';

const licence = readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').trim();
const workers = join(root, 'packages/node/dist/workers');

await bundle(join(workers, 'pixel.worker.js'), join(workers, 'bundled'), false);
await bundle(join(workers, 'inference.worker.js'), join(workers, 'bundled'), false);
await bundle(join(root, 'apps/cli/dist/index.js'), join(root, 'apps/cli/dist/bundled'), true);

/**
 * @param {string} entry
 * @param {string} folder that the file of the same name is written to
 * @param {boolean} isSplit whether what is imported when it is needed stays apart
 */
async function bundle(entry, folder, isSplit) {
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: [/^@focal\//, 'focal', 'zod'] },
    resolve: { conditions: ['node', 'import', 'default'] },
    plugins: [
      {
        name: 'own-place',
        // Modules find files by where they lie themselves, not by where the bundle lies.
        transform(code, id) {
          if (!code.includes('import.meta.url')) return undefined;
          const place = JSON.stringify(relative(folder, id).replaceAll('\\', '/'));
          return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`);
        },
      },
    ],
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: isSplit,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          codeSplitting: isSplit,
          banner: `/*! Contains zod:\n${licence.replaceAll('*/', '* /')}\n*/`,
        },
      },
    },
  });
}
