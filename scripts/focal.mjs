#!/usr/bin/env -S node --single-threaded-gc
// The focal command in a clone: installs and builds what is stale (told on stderr), then runs apps/cli in this process
// and in the user's folder. Garbage is collected by the threads that make it: helpers of theirs would only take turns with
// others that compute.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, root } from './workspace.mjs';

// npx in a package's folder starts us in the package's own folder; the user's paths are meant from where they are.
const isNpx =
  process.env.npm_lifecycle_event === 'npx' && /^'?focal'?( |$)/.test(process.env.npm_lifecycle_script ?? '');
if (isNpx && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

await ensureInstalled();
// A server without its studio would be half of what the help promises.
if (process.argv[2] === 'serve') await ensureBuilt('program', 'studio');
else await ensureBuilt('program');
const { main } = await import(pathToFileURL(join(root, 'apps/cli/dist/bundled/index.js')).href);
process.exitCode = await main(process.argv.slice(2));
