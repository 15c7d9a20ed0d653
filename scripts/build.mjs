// npm run build: installs and builds what is stale.
import { ensureBuilt, ensureInstalled } from './workspace.mjs';

await ensureInstalled();
await ensureBuilt('program', 'everything', 'studio');
