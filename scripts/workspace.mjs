// What every script needs before anything is installed: where the clone is, running a program, and making sure that
// packages are installed and built. Only Node's own modules; messages go to stderr, so that stdout stays the command's.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withBuildLock } from './build-lock.mjs';
import { isStale, markFresh, takeFingerprint } from './freshness.mjs';

/** The clone's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @import { Target } from './freshness.mjs' */

/** @typedef {Target & { title: string, commands: string[][], folder?: string, holds?: 'program' }} Build */

/** @satisfies {Build} */
const PROGRAM = {
  title: 'programs',
  sources: ['scripts/bundle.mjs', 'package-lock.json', 'packages/*', 'apps/server', 'apps/cli'],
  results: [
    'apps/cli/dist/effects.json',
    'apps/cli/dist/bundled/index.js',
    'packages/node/dist/bundled/pixel.worker.js',
    'packages/node/dist/bundled/own-model.child.js',
    'packages/library/dist/store/embedded/database.worker.js',
    'packages/library/dist/people/cluster.worker.js',
  ],
  commands: [
    ['scripts/bundle.mjs'],
    // `focal --help` has no time to ask core for its effects: the answer is left as a file.
    ['apps/cli/dist/build-steps/write-effect-list.js'],
  ],
};

/**
 * What can be built. `program` is all that the command and the server run; it needs no compiler, only the bundler.
 * `everything` adds what the compiler makes of all sources, for the library, benches and tests, and ends with the
 * bundles: threads take theirs only where they are newer.
 *
 * @type {Readonly<Record<'program' | 'everything' | 'studio', Build>>}
 */
const TARGETS = {
  program: PROGRAM,
  everything: {
    title: 'programs, the library, benches and test tools',
    sources: [
      'tsconfig.base.json',
      'tsconfig.json',
      'package-lock.json',
      'scripts/bundle.mjs',
      'packages/*',
      'apps/*',
      'bench',
      'testing',
    ],
    results: [...PROGRAM.results, 'packages/focal/dist/index.js', 'bench/dist/main.js', 'testing/dist/index.js'],
    commands: [['node_modules/typescript/bin/tsc', '-b'], ...PROGRAM.commands],
    holds: 'program',
  },
  studio: {
    title: 'studio',
    sources: ['package-lock.json', 'packages/core', 'packages/models', 'packages/web', 'apps/studio'],
    results: ['apps/studio/dist/index.html'],
    commands: [['node_modules/vite/bin/vite.js', 'build']],
    folder: 'apps/studio',
  },
};

/** Prints one line on stderr. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Ends the script with a message and what to do about it.
 *
 * @param {string} message
 * @param {string} [hint]
 * @returns {never}
 */
export function fail(message, hint) {
  say(`Error: ${message}`);
  if (hint) say(hint);
  process.exit(1);
}

/**
 * Runs a program to its end; gives its exit code (128 + the signal's number where one ended it). With `quiet` its
 * output is kept back and comes with the result; else stdout and stderr both go to stderr, or with `inherit` as is.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ folder?: string, quiet?: boolean, inherit?: boolean, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { folder = root, quiet = false, inherit = false, env = process.env } = {}) {
  return new Promise((resolve) => {
    /** @type {import('node:child_process').StdioOptions} */
    const stdio = inherit ? 'inherit' : quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2];
    const child = spawn(command, args, { cwd: folder, stdio, env, shell: command.endsWith('.cmd') });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code, signal) => resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 143), output }));
  });
}

/**
 * Runs a script of Node with this very Node.
 *
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNode(args, options) {
  return run(process.execPath, args, options);
}

/** Ends with a clear message on a Node that is too old. */
function assertNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
  if (!enough) fail(`Focal needs Node 20.19 or newer (or 22.12 or newer), this is ${process.versions.node}.`);
}

/**
 * What a folder's node_modules are good for, beside its lock file: `program` is all that Focal runs and is built with,
 * `everything` the tools for working on it too (devDependencies). `nothing`: a package lacks, or is there in another
 * version. Optional packages may lack.
 *
 * @returns {'nothing' | 'program' | 'everything'}
 */
export function readInstall(folder = root) {
  const installed = readInstalled(folder);
  let hasTools = true;
  for (const [path, entry] of Object.entries(readPackages(join(folder, 'package-lock.json')))) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const present = installed[path];
    if (present === undefined) {
      if (entry.optional || entry.devOptional || entry.peer) continue;
      if (!entry.dev) return 'nothing';
      hasTools = false;
    } else if (!entry.link && present.version !== entry.version) return 'nothing';
  }
  return hasTools ? 'everything' : 'program';
}

/** @param {string} folder */
function readInstalled(folder) {
  const path = join(folder, 'node_modules', '.package-lock.json');
  return existsSync(path) ? readPackages(path) : {};
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean,
 *   dev?: boolean }} LockEntry
 */

/**
 * @param {string} path
 * @returns {Record<string, LockEntry>}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch (error) {
    return fail(`${path} could not be read: ${String(error)}`);
  }
}

/**
 * Installs what the lock file names, where node_modules do not hold it already: what Focal runs and is built with. Tools
 * that are there stay, in the lock file's versions.
 */
export async function ensureInstalled() {
  assertNodeVersion();
  if (readInstall(root) !== 'nothing') return;
  await withBuildLock(root, async () => {
    if (readInstall(root) !== 'nothing') return;
    const hadTools = Object.values(readInstalled(root)).some(({ dev }) => dev);
    await npm('what Focal needs (some 440 MB, only this once)', root, [
      'ci',
      hadTools ? '--include=dev' : '--omit=dev',
    ]);
  });
}

/**
 * Installs all that working on Focal takes: beside what it runs, the tools that build, test and check it, and the other
 * implementations that tests and benches compare with.
 */
export async function ensureToolsInstalled() {
  assertNodeVersion();
  const references = join(root, 'testing/references');
  const isReady = () => readInstall(root) === 'everything' && readInstall(references) === 'everything';
  if (isReady()) return;
  await withBuildLock(root, async () => {
    const state = readInstall(root);
    if (state === 'nothing') await npm('what Focal and working on it need (some 500 MB, only this once)', root, CI_ALL);
    // Adding leaves what is there in place: Focal may be running from it.
    if (state === 'program') await npm('the tools for working on Focal (some 60 MB, only this once)', root, ADD_TOOLS);
    if (readInstall(references) === 'everything') return;
    await npm('what tests and benches compare with (some 27 MB, only this once)', references, CI_ALL);
  });
}

const CI_ALL = ['ci', '--include=dev'];
/** Without saving, the lock file stays as it is. */
const ADD_TOOLS = ['install', '--no-save', '--include=dev', '--prefer-offline'];

/**
 * @param {string} what
 * @param {string} folder
 * @param {string[]} command
 */
async function npm(what, folder, command) {
  say(`Installing ${what} …`);
  const started = Date.now();
  const ticker = setInterval(() => say(`  still installing, ${seconds(started)} s`), 15_000);
  const { npm, args } = findNpm();
  const { code } = await run(npm, [...args, ...command, '--include=optional', '--no-audit', '--no-fund'], { folder });
  clearInterval(ticker);
  if (code !== 0) {
    fail(
      `npm ${command[0]} ended with exit code ${code}.`,
      'Check the network and the free disk space (2 GB), then try again; npm says above what went wrong.',
    );
  }
  say(`Installed in ${seconds(started)} s.`);
}

/** The npm that started us, else the one beside this Node or on the PATH. */
function findNpm() {
  const fromEnv = process.env.npm_execpath;
  if (fromEnv && /npm-cli\.c?js$/.test(fromEnv)) return { npm: process.execPath, args: [fromEnv] };
  if (fromEnv && /npx-cli\.c?js$/.test(fromEnv)) {
    return { npm: process.execPath, args: [join(dirname(fromEnv), 'npm-cli.js')] };
  }
  return { npm: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/**
 * Builds the named targets where their sources changed since the last build. A build that fails prints what the
 * compiler said and ends the script. Takes some milliseconds when nothing is to do.
 *
 * @param {(keyof typeof TARGETS)[]} names
 */
export async function ensureBuilt(...names) {
  for (const name of names) {
    const target = TARGETS[name];
    if (!isStale(root, name, target)) continue;
    await withBuildLock(root, async () => {
      const fingerprint = takeFingerprint(root, target);
      if (!isStale(root, name, target, fingerprint)) return;
      const held = target.holds && takeFingerprint(root, TARGETS[target.holds]);
      say(`Building the ${target.title} …`);
      const started = Date.now();
      for (const [script = '', ...args] of target.commands) {
        const folder = join(root, target.folder ?? '.');
        const { code, output } = await runNode([join(root, script), ...args], { folder, quiet: true });
        if (code === 0) continue;
        say(output.trimEnd());
        fail(`Building the ${target.title} failed.`, 'What went wrong stands above.');
      }
      markFresh(root, name, fingerprint);
      if (target.holds && held) markFresh(root, target.holds, held);
      say(`Built the ${target.title} in ${seconds(started)} s.`);
    });
  }
}

/** @param {number} started */
function seconds(started) {
  return ((Date.now() - started) / 1000).toFixed(1);
}
