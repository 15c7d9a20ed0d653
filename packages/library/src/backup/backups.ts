import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FocalError } from '@focal/core';
import type { Store } from '../store/store.ts';
import { BACKUP_EXTENSION, type BackupInfo } from './format.ts';
import { writeBackup } from './write-backup.ts';

/** A backup in the library's own folder. */
export interface KeptBackup {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly bytes: number;
  /** Whether the library made it by itself; of those only the newest are kept. */
  readonly isDaily: boolean;
}

/** Backups in the library's own folder: those that it makes each day, and those that were asked for. */
export interface Backups {
  /** The newest first. */
  list(): Promise<readonly KeptBackup[]>;
  create(options?: BackupOptions): Promise<KeptBackup & BackupInfo>;
  /** Of the file. Throws `not-found`. */
  path(name: string): Promise<string>;
  /** Throws `not-found`. */
  remove(name: string): Promise<void>;
}

export interface BackupOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

export interface DailyBackups {
  /** Makes one where the last is older than a day and there is anything to keep. Never throws. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

const NAME = /^(library|daily)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:-\d+)?\.focal-backup$/;
const DAY_MS = 86_400_000;
/** How many of a day's are kept. */
const MOST_DAILY = 5;
const LOOK_MS = 600_000;
/** Whoever opens the library has it to himself first. */
const FIRST_MS = 60_000;

interface OwnBackups extends Backups {
  create(options?: BackupOptions & { readonly isDaily?: boolean }): Promise<KeptBackup & BackupInfo>;
}

export function createBackups(store: Store, folder: string, now: () => number): OwnBackups {
  async function list(): Promise<readonly KeptBackup[]> {
    const names = await readdir(folder).catch(() => []);
    const found = await Promise.all(
      names.map(async (name) => {
        const parts = NAME.exec(name);
        const facts = parts === null ? undefined : await stat(join(folder, name)).catch(() => undefined);
        if (parts === null || facts === undefined) return [];
        const [, kind, year, month, day, hour, minute, second] = parts;
        const createdAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
        return [{ name, createdAt, bytes: facts.size, isDaily: kind === 'daily' }];
      }),
    );
    return found.flat().sort((a, b) => b.createdAt - a.createdAt || b.name.localeCompare(a.name));
  }

  async function create(
    options: BackupOptions & { readonly isDaily?: boolean } = {},
  ): Promise<KeptBackup & BackupInfo> {
    const { isDaily = false, ...rest } = options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // As exactly as its name tells it.
    const time = Math.floor(now() / 1000) * 1000;
    const stamp = new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    const base = `${isDaily ? 'daily' : 'library'}-${stamp}`;
    for (let number = 1; ; number++) {
      const name = `${base}${number === 1 ? '' : `-${number}`}${BACKUP_EXTENSION}`;
      try {
        return { ...(await writeBackup(store, join(folder, name), { ...rest, now: time })), name, isDaily };
      } catch (error) {
        if (!(error instanceof FocalError && error.code === 'exists') || number > 1000) throw error;
      }
    }
  }

  async function path(name: string): Promise<string> {
    const file = join(folder, name);
    if (NAME.test(name) && (await stat(file).catch(() => undefined))?.isFile()) return file;
    throw new FocalError('not-found', `There is no backup ${JSON.stringify(name.slice(0, 80))}.`);
  }

  return {
    list,
    create,
    path,
    async remove(name) {
      await rm(await path(name));
    },
  };
}

/** Looks now and then whether a day's backup is due. */
export function createDailyBackups({
  store,
  backups,
  now,
  isOn = async () => true,
  onError,
}: {
  readonly store: Store;
  readonly backups: OwnBackups;
  readonly now: () => number;
  readonly isOn?: () => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}): DailyBackups {
  const stop = new AbortController();
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      if (!(await isOn())) return;
      const daily = (await backups.list()).filter(({ isDaily }) => isDaily);
      const [last] = daily;
      // One from the future was made before the clock was put back.
      if (last !== undefined && Math.abs(now() - last.createdAt) < DAY_MS) return;
      const { rows } = await store.direct.query('select exists (select from assets) as used');
      if (rows[0]?.used !== true) return;
      const made = await backups.create({ isDaily: true, signal: stop.signal });
      const others = (await backups.list()).filter(({ isDaily, name }) => isDaily && name !== made.name);
      for (const { name } of others.slice(MOST_DAILY - 1)) await backups.remove(name);
    } catch (error) {
      if (!stop.signal.aborted) onError(error);
    }
  }

  const tick = (): Promise<void> => {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
  const first = setTimeout(() => void tick(), FIRST_MS).unref();
  const timer = setInterval(() => void tick(), LOOK_MS).unref();
  return {
    tick,
    async close() {
      clearTimeout(first);
      clearInterval(timer);
      stop.abort(new FocalError('closed', 'The library has been closed.'));
      await running;
    },
  };
}
