// Whether a build is up to date: the names, sizes and times of its sources, hashed, against those of the last build.
// Any change either way counts, also a file that went away or came back older, which comparing times alone misses.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ readonly sources: readonly string[], readonly results: readonly string[] }} Target */

const SKIPPED = new Set(['node_modules', 'dist', '.cache']);

/**
 * A hash over all files that the target is made from. Tests are no sources.
 *
 * @param {string} root
 * @param {Target} target
 */
export function takeFingerprint(root, target) {
  const hash = createHash('sha256');
  hash.update(process.platform);
  for (const source of target.sources) {
    for (const path of expand(root, source)) visit(root, path, hash);
  }
  return hash.digest('hex');
}

/**
 * Whether the target has to be built.
 *
 * @param {string} root
 * @param {string} name
 * @param {Target} target
 */
export function isStale(root, name, target, fingerprint = takeFingerprint(root, target)) {
  if (target.results.some((path) => !existsSync(join(root, path)))) return true;
  const path = stampPath(root, name);
  return !existsSync(path) || readFileSync(path, 'utf8') !== fingerprint;
}

/**
 * Notes that the target was built from the sources with this fingerprint.
 *
 * @param {string} root
 * @param {string} name
 * @param {string} fingerprint
 */
export function markFresh(root, name, fingerprint) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stampPath(root, name), fingerprint);
}

/**
 * @param {string} root
 * @param {string} name
 */
function stampPath(root, name) {
  return join(root, '.cache', `built-${name}`);
}

/**
 * @param {string} root
 * @param {string} source
 */
function expand(root, source) {
  if (!source.endsWith('/*')) return [source];
  const parent = source.slice(0, -2);
  return readdirSync(join(root, parent))
    .sort()
    .map((name) => `${parent}/${name}`);
}

/**
 * @param {string} root
 * @param {string} path
 * @param {import('node:crypto').Hash} hash
 */
function visit(root, path, hash) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    hash.update(`${path}\n${stat.size}\n${stat.mtimeMs}\n`);
    return;
  }
  for (const entry of readdirSync(join(root, path)).sort()) {
    if (!SKIPPED.has(entry) && !/\.test\.tsx?$/.test(entry)) visit(root, `${path}/${entry}`, hash);
  }
}
