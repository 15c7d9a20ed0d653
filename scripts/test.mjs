// npm test: installs and builds what is stale, finds (or on Debian as root installs) Chromium and
// PostgreSQL, and runs every test.
// Arguments go to Vitest: npm test -- apps/cli
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { startPostgres } from './postgres.mjs';

import { ensureBuilt, ensureToolsInstalled, fail, root, run, runNode, say } from './workspace.mjs';

await ensureToolsInstalled();
await ensureBuilt('everything', 'studio');

// The rule where Chromium is looked for stands once, beside the tests that start it.
const { findChromium } = await import(pathToFileURL(join(root, 'testing/dist/chromium.js')).href);
if (findChromium() === undefined) await installChromium();
const chromium = findChromium();
if (chromium === undefined) {
  fail(
    'The tests drive a real browser, and no Chromium was found.',
    [
      'Install one and run npm test again:',
      '  Debian, Ubuntu:  sudo apt-get install chromium',
      '  Fedora:          sudo dnf install chromium',
      '  macOS:           brew install --cask chromium   (or Google Chrome)',
      '  anywhere:        npx playwright install chromium',
      'or set CHROMIUM_PATH to the program of a Chromium or Chrome that is already there.',
    ].join('\n'),
  );
}
if (process.env.CHROMIUM_PATH && !existsSync(process.env.CHROMIUM_PATH)) {
  fail(`CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, and there is no such file.`);
}

const postgres = process.env.FOCAL_TEST_DATABASE_URL ? undefined : await startPostgres();
// A person's own server is none to test on.
const { DATABASE_URL: _own, ...rest } = process.env;
const env = { ...rest, CHROMIUM_PATH: chromium, ...(postgres && { FOCAL_TEST_DATABASE_URL: postgres.url }) };
// Ctrl-C ends Vitest, and then us.
process.on('SIGINT', () => undefined);
const { code } = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)], {
  inherit: true,
  env,
});
await postgres?.stop();
process.exitCode = code;

async function installChromium() {
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!isDebianRoot) return;
  say('No Chromium was found: installing it with apt-get …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
}
