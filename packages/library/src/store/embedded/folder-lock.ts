import { randomBytes } from 'node:crypto';
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { FocalError } from '@focal/core';

/** Who holds a library's folder. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Tells a process from a later one of the same number. */
  readonly started: string;
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
    super('busy', `The library is in use by another Focal: process ${holder.pid}${where} (${holder.program}).`, {
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
  const me: Holder = {
    host: hostname(),
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    program: [basename(process.argv[1] ?? process.argv[0] ?? 'focal'), ...process.argv.slice(2, 4)].join(' '),
  };
  // Written beside and linked into place, so that nobody ever reads half of it.
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(own, JSON.stringify(me), { mode: 0o600 });
  try {
    for (let tries = 0; ; tries++) {
      if (await tryLink(own, path)) break;
      const text = await readIfThere(path);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder !== undefined && isAlive(holder)) throw new LibraryHeldError(holder, path);
      if (tries > 20)
        throw new FocalError('busy', 'The lock of the library cannot be taken.', { hint: `Delete ${path}.` });
      await takeAway(path, text);
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

/** Who holds the folder now, if anybody does. */
export async function findHolder(path: string): Promise<Holder | undefined> {
  const text = await readIfThere(path);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
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

/** Removes a lock that was left behind; where another process was faster, its lock is put back. */
async function takeAway(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.left`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readIfThere(aside)) !== text) await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
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
