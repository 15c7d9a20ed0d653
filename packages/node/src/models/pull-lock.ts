import { unlinkSync } from 'node:fs';
import { open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { FocalError } from '@focal/core';
import { toFileError } from '../files/file-error.ts';

/** The holder shows this often that it is alive, and counts as gone after four of them. */
const BEAT_MS = 5000;

/**
 * A lock between processes: a file that names its holder. One whose holder is gone, killed or on a machine that was
 * switched off, is taken over. Throws `busy` while another holds it. Dispose of it in the end.
 */
export async function holdLock(path: string, what: string): Promise<Disposable> {
  for (let tries = 0; ; tries++) {
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(`${hostname()} ${process.pid}`);
      } finally {
        await file.close();
      }
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw toFileError(error, 'write', path);
      }
      if (tries > 0 || !(await isLeft(path))) {
        throw new FocalError('busy', `Another Focal is at work on ${what} right now.`, {
          hint: 'Wait until it is done.',
          cause: error,
        });
      }
      await unlink(path).catch(() => undefined);
    }
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(beat);
      try {
        unlinkSync(path);
      } catch {
        // Taken over or deleted by somebody: nothing left to give back.
      }
    },
  };
}

/** Whether the holder of the lock is gone. */
async function isLeft(path: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > 4 * BEAT_MS) return true;
    const [host, pid] = (await readFile(path, 'utf8')).split(' ');
    return host === hostname() && Number(pid) !== process.pid && !isRunning(Number(pid));
  } catch {
    return true;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
