// A step of the build: the command, and the code of each kind of thread or process beside it, from the sources into few
// files. A process or thread loads its modules anew; a hundred of them take a quarter of a second, one file a sixth of
// that. What comes from npm beside zod stays outside. Types are dropped unchecked, so that starting needs no compiler.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'vite';
import { root } from './workspace.mjs';

const licence = readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').trim();
const node = join(root, 'packages/node');
const library = join(root, 'packages/library');
const cli = join(root, 'apps/cli');

await bundle(join(node, 'src/workers/pixel.worker.ts'), join(node, 'dist/bundled'), false);
await bundle(join(node, 'src/workers/inference.worker.ts'), join(node, 'dist/bundled'), false);
await bundle(join(node, 'src/workers/video.worker.ts'), join(node, 'dist/bundled'), false);
await bundle(join(node, 'src/workers/draw.worker.ts'), join(node, 'dist/bundled'), false);
await bundle(join(node, 'src/workers/live.worker.ts'), join(node, 'dist/bundled'), false);
await bundle(join(node, 'src/models/own-model.child.ts'), join(node, 'dist/bundled'), false);
// Where the compiler puts them too: little else in the threads of the library is ours.
await bundle(join(library, 'src/store/embedded/database.worker.ts'), join(library, 'dist/store/embedded'), false);
await bundle(join(library, 'src/people/cluster.worker.ts'), join(library, 'dist/people'), false);
await bundle(join(cli, 'src/index.ts'), join(cli, 'dist/bundled'), true);
await bundle(join(cli, 'src/write-effect-list.ts'), join(cli, 'dist/build-steps'), true);

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
    ssr: {
      noExternal: [/^@focal\//, 'focal', 'zod'],
      resolve: { conditions: ['source', 'node', 'import', 'default'] },
    },
    resolve: { conditions: ['source', 'node', 'import', 'default'] },
    plugins: [
      {
        name: 'own-place',
        // Modules find files by where the compiler puts each of them, not by where the bundle lies.
        transform(code, id) {
          if (!code.includes('import.meta.url')) return undefined;
          const compiled = relative(folder, id)
            .replaceAll('\\', '/')
            .replace('/src/', '/dist/')
            .replace(/\.ts$/, '.js');
          const place = JSON.stringify(compiled);
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
