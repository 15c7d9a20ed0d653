// A step of the build: the code of each kind of worker thread as one file. Every thread loads its modules anew, and a
// hundred of them take a quarter of a second, one file a sixth of that. What comes from npm beside zod stays outside.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './workspace.mjs';

const folder = join(root, 'packages/node/dist/workers');
const licence = readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').trim();

for (const name of ['pixel.worker', 'inference.worker']) {
  await build({
    configFile: false,
    logLevel: 'warn',
    root,
    ssr: { noExternal: [/^@focal\//, 'zod'] },
    resolve: { conditions: ['node', 'import', 'default'] },
    build: {
      ssr: join(folder, `${name}.js`),
      outDir: join(folder, 'bundled'),
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        output: {
          entryFileNames: `${name}.js`,
          codeSplitting: false,
          banner: `/*! Contains zod:\n${licence.replaceAll('*/', '* /')}\n*/`,
        },
      },
    },
  });
}
