// npm start: installs and builds what is stale, then serves the studio and the API and opens the browser.
// Arguments go to `focal serve`: npm start -- --port 8080
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, root } from './workspace.mjs';

await ensureInstalled();
await ensureBuilt('program', 'studio');
const { main } = await import(pathToFileURL(join(root, 'apps/cli/dist/bundled/index.js')).href);
process.exitCode = await main(['serve', '--open', ...process.argv.slice(2)]);
