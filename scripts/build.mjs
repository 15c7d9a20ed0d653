// npm run build: installs and builds what is stale.
import { ensureBuilt, ensureToolsInstalled } from './workspace.mjs';

await ensureToolsInstalled();
await ensureBuilt('everything', 'studio');
