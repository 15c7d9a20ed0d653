import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { toFileError } from './file-error.ts';

/** The folders Focal keeps things in, all inside one home or in the system's usual places. */
export interface Home {
  /** What can be made again: imported models. Limited in size. */
  readonly cache: string;
  /** What the user fetched or made: pulled models. */
  readonly data: string;
}

export interface HomeFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
}

/** Where caches and data live: the given folder, else FOCAL_HOME, else the system's usual places. Makes nothing. */
export function findHome(
  home?: string,
  facts: HomeFacts = { platform: process.platform, env: process.env, homedir: homedir() },
): Home {
  const { env } = facts;
  const own = home ?? (env.FOCAL_HOME || undefined);
  if (own !== undefined) return { cache: join(resolve(own), 'cache'), data: join(resolve(own), 'data') };
  if (facts.platform === 'win32') {
    const local = join(env.LOCALAPPDATA || join(facts.homedir, 'AppData', 'Local'), 'Focal');
    return { cache: join(local, 'Cache'), data: join(local, 'Data') };
  }
  if (facts.platform === 'darwin') {
    const library = join(facts.homedir, 'Library');
    return { cache: join(library, 'Caches', 'Focal'), data: join(library, 'Application Support', 'Focal') };
  }
  return {
    cache: join(env.XDG_CACHE_HOME || join(facts.homedir, '.cache'), 'focal'),
    data: join(env.XDG_DATA_HOME || join(facts.homedir, '.local', 'share'), 'focal'),
  };
}

/** Makes a folder of Focal's own, readable by its user only. Throws `permission` or `no-space`. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toFileError(error, 'make the folder', path);
  }
}
