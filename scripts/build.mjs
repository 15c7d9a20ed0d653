// npm run build: installs and builds what is stale.
import { ensureBuilt, ensureInstalled, ensureReferencesInstalled } from './workspace.mjs';

await ensureInstalled();
await ensureReferencesInstalled();
await ensureBuilt('program', 'everything', 'studio');
