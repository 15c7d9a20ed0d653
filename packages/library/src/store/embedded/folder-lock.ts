import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FocalError } from '@focal/core';

const MOST_TRIES = 20;
const HALF_WRITTEN_MS = 50;

/** Who holds a library's folder. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Tells a process from a later one of the same number. */
  readonly started: string;
  /** Tells this taking of the lock from all others. */
  readonly id?: string;
  /** What it was called with, for people. */
  readonly program: string;
  /** Where it serves the library, where it does. */
  readonly url?: string;
  readonly token?: string;
}

/** The lock on a library's folder. Dispose of it in the end. */
export interface FolderLock extends Disposable {
  /** Tells other processes where this one serves the library. */
  announce(address: Pick<Holder, 'url' | 'token'>): Promise<void>;
}

/** Thrown where another process holds the folder. */
export class LibraryHeldError extends FocalError {
  readonly holder: Holder;

  constructor(holder: Holder, path: string) {
    const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
    const at = holder.url === undefined ? '' : ` at ${holder.url}`;
    super('busy', `The library is in use by another Focal${at}: process ${holder.pid}${where} (${holder.program}).`, {
      hint:
        holder.host === hostname()
          ? 'Use that one, or end it first.'
          : `End it there. If that machine is gone for good, delete ${path}.`,
    });
    this.holder = holder;
  }
}

/**
 * Takes the lock on a folder: a file that names its holder. One whose process is gone, killed or switched off, is taken
 * over. Throws {@link LibraryHeldError}.
 */
export async function lockFolder(path: string): Promise<FolderLock> {
  const id = randomBytes(6).toString('hex');
  const me: Holder = {
    host: hostname(),
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    id,
    program: [basename(process.argv[1] ?? process.argv[0] ?? 'focal'), ...wordsOf(process.argv.slice(2, 4))].join(' '),
  };
  // Written beside and linked into place, so that nobody ever reads half of it.
  const own = `${path}.${id}`;
  await writeFile(own, JSON.stringify(me), { mode: 0o600 });
  try {
    let tries = 0;
    while (!(await tryTake(own, path))) {
      if (++tries > MOST_TRIES)
        throw new FocalError('busy', 'The lock of the library cannot be taken.', { hint: `Delete ${path}.` });
    }
  } finally {
    await unlink(own).catch(() => undefined);
  }
  const mine = JSON.stringify(me);
  let text = mine;
  return {
    async announce(address) {
      text = JSON.stringify({ ...me, ...address });
      await writeFile(own, text, { mode: 0o600 });
      await rename(own, path);
    },
    [Symbol.dispose]() {
      try {
        if (readFileSync(path, 'utf8') === text) unlinkSync(path);
      } catch {
        // Deleted by somebody: nothing left to give back.
      }
    },
  };
}

/** What was called, without options, which may hold secrets. */
function wordsOf(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word.startsWith('-'));
  return end < 0 ? words : words.slice(0, end);
}

/** Who holds the folder now, if anybody does. */
export async function findHolder(path: string): Promise<Holder | undefined> {
  const text = await readIfThere(path);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/**
 * Takes a lock that nobody has or that was left behind. False where others were at it meanwhile.
 *
 * Each lock that was left has one successor, a file named by its text: who links that first may take over, and where
 * that one is gone too, its own successor. Nobody removes or replaces a lock but its successor, so that however many
 * come at once, and wherever one of them is killed, one has it.
 */
async function tryTake(own: string, path: string): Promise<boolean> {
  const left: { readonly place: string; readonly text: string }[] = [];
  let place = path;
  while (!(await tryLink(own, place))) {
    const text = await readLeft(place, path);
    if (text === undefined) return false;
    left.push({ place, text });
    place = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}.next`;
  }
  if (left.length === 0) return true;
  for (const each of left) {
    if ((await readIfThere(each.place)) === each.text) continue;
    // Another one took over before this file was linked, and has tidied up since.
    await unlink(place).catch(() => undefined);
    return false;
  }
  await rename(own, path);
  for (const each of [...left.slice(1).map((one) => one.place), place]) await unlink(each).catch(() => undefined);
  return true;
}

/** The text of a lock whose holder is gone, undefined where the lock is gone too. Throws {@link LibraryHeldError}. */
async function readLeft(place: string, path: string): Promise<string | undefined> {
  const text = await readIfThere(place);
  if (text === undefined) return undefined;
  const holder = parseHolder(text);
  if (holder !== undefined) {
    if (isAlive(holder)) throw new LibraryHeldError(holder, path);
    return text;
  }
  // Where there are no hard links, it may be in the middle of being written.
  await delay(HALF_WRITTEN_MS);
  return (await readIfThere(place)) === text ? text : undefined;
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (code === 'ENOTSUP' || code === 'EPERM' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      // No hard links here: a file that is made anew or not at all.
      try {
        writeFileSync(to, readFileSync(from), { flag: 'wx', mode: 0o600 });
        return true;
      } catch (failed) {
        if (codeOf(failed) === 'EEXIST') return false;
        throw failed;
      }
    }
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return typeof holder.pid === 'number' && typeof holder.host === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ host, pid, started }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    if (codeOf(error) !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return now === undefined || started === '' || now === started;
}

/** When a process began, in the system's own count; undefined where that cannot be found out. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold anything; the 20th field after it is the start.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
