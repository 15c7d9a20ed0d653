// npm run bench -- NAME [--data DIR] [--json], or --list: installs and builds what is stale, then measures.
import { join } from 'node:path';
import { ensureBuilt, ensureToolsInstalled, root, runNode } from './workspace.mjs';

await ensureToolsInstalled();
await ensureBuilt('everything', 'studio');
// npm changes to the clone's folder; paths in the arguments are meant from where the user is.
const folder = process.env.npm_lifecycle_event === 'bench' ? (process.env.INIT_CWD ?? root) : process.cwd();
// As the focal command runs.
const args = ['--single-threaded-gc', join(root, 'bench/dist/main.js'), ...process.argv.slice(2)];
const { code } = await runNode(args, { folder, inherit: true });
process.exitCode = code;
