// npm run check: format, lint, layer rule, types, unused code, package metadata. All run; each that fails shows why.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureToolsInstalled, root, runNode, say } from './workspace.mjs';

await ensureToolsInstalled();

const publicPackages = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')).private !== true);

const STEPS = [
  ['format', 'npm run format', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['lint and layer rule', 'npx oxlint --type-aware', 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  ['types', 'npx tsc -b', 'typescript/bin/tsc', '-b'],
  ['types of tests and scripts', 'npx tsc -p tsconfig.tests.json', 'typescript/bin/tsc', '-p', 'tsconfig.tests.json'],
  ['unused code and dependencies', 'npx knip', 'knip/bin/knip.js', '--treat-config-hints-as-errors'],
  ...publicPackages.map((path) => [`package ${path}`, `npx publint ${path}`, 'publint/src/cli.js', path, '--strict']),
];

const failed = [];
for (const [name = '', command = '', script = '', ...args] of STEPS) {
  const { code, output } = await runNode([join(root, 'node_modules', script), ...args], { quiet: true });
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (code === 0) continue;
  failed.push(name);
  say(`${output.trimEnd()}\nRun again with: ${command}\n`);
}
if (failed.length > 0) {
  say(`${failed.length} of ${STEPS.length} checks failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
