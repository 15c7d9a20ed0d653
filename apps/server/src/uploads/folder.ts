import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const PREFIX = 'focal-upload-';

/** A folder for the files of one request, readable by this user only. Disposing removes it with all in it. */
export interface UploadFolder extends AsyncDisposable {
  readonly path: string;
}

export async function createUploadFolder(parent: string): Promise<UploadFolder> {
  const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/**
 * Removes the upload folders that processes of this user left behind when they were killed: those whose process no
 * longer runs. Returns how many.
 */
export async function sweepUploadFolders(
  parent: string,
  isRunning: (pid: number) => boolean = isProcessRunning,
): Promise<number> {
  let swept = 0;
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(parent, name);
    if (!(await isOwn(path))) continue;
    await rm(path, { recursive: true, force: true }).then(
      () => swept++,
      () => undefined,
    );
  }
  return swept;
}

async function isOwn(path: string): Promise<boolean> {
  const owner = await stat(path).then(
    ({ uid }) => uid,
    () => undefined,
  );
  return owner !== undefined && (process.getuid === undefined || owner === process.getuid());
}

function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
