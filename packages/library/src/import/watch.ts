import { type FSWatcher, watch } from 'node:fs';
import { readdir, realpath, stat, statfs } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { HIDDEN } from './walk.ts';

/** How changes in a folder of the library come to be known. */
export interface FolderWatch {
  readonly folderId: number;
  /** The system tells of changes; or it is looked through every so often; or it is not there. */
  readonly mode: 'events' | 'polling' | 'offline';
  /** Why it is not `events`. */
  readonly reason?: string;
}

/** A part of a folder: all in it, or its own files alone. */
export interface ScanTarget {
  readonly path: string;
  readonly isDeep: boolean;
}

export interface WatchOptions {
  readonly folders: () => Promise<readonly { readonly id: number; readonly path: string }[]>;
  /** Looks through these parts of a folder, or through all of it. */
  readonly onDirty: (folderId: number, targets: readonly ScanTarget[] | undefined) => void;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
  readonly times?: Partial<WatchTimes>;
  /** Default: the system's. */
  readonly watch?: typeof watch;
}

export interface WatchTimes {
  /** Without a further change for so long, a change is taken up … */
  readonly quietMs: number;
  /** … and after so long in any case. */
  readonly longestMs: number;
  /** Between two looks at a folder that tells of nothing. */
  readonly pollMs: number;
  /** Between two looks whether a folder that is away is back. */
  readonly offlineMs: number;
}

const TIMES: WatchTimes = { quietMs: 1000, longestMs: 15_000, pollMs: 300_000, offlineMs: 30_000 };
/** Of so many changes at once, all of the folder is looked through. */
const MOST_TARGETS = 200;
/** File systems of other machines, which tell nothing of what is changed there: by their numbers in `statfs`. */
const REMOTE = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
]);

/** Watches folders. `close()` is idempotent. */
export interface FolderWatcher {
  /** Takes up what was added and removed. */
  sync(): Promise<void>;
  setOn(isOn: boolean): Promise<void>;
  list(): readonly FolderWatch[];
  /** Looks at these once more when they have come to rest. */
  again(folderId: number, paths: readonly string[]): void;
  close(): Promise<void>;
}

interface Watched {
  readonly id: number;
  readonly path: string;
  mode: FolderWatch['mode'];
  reason: string | undefined;
  /** By the folders that they watch. */
  readonly watchers: Map<string, FSWatcher>;
  /** Parts that changed, and whether all in them did. */
  readonly dirty: Map<string, boolean>;
  quiet: NodeJS.Timeout | undefined;
  /** When the first of what is dirty changed. */
  since: number | undefined;
  timer: NodeJS.Timeout | undefined;
  isOver: boolean;
}

/** [Note: watching folders] One watcher for each folder where the system has none for whole trees, such as on Linux. */
export function createFolderWatcher(options: WatchOptions): FolderWatcher {
  const { folders, onDirty, onChange, onError, watch: open = watch } = options;
  const times = { ...TIMES, ...options.times };
  const watched = new Map<number, Watched>();
  const isRecursive = process.platform === 'darwin' || process.platform === 'win32';
  let isOn = false;
  let isClosed = false;
  let syncing: Promise<void> = Promise.resolve();

  async function syncNow(): Promise<void> {
    const wanted = isOn && !isClosed ? await folders() : [];
    for (const [id, each] of watched) {
      if (wanted.some((folder) => folder.id === id && folder.path === each.path)) continue;
      end(each);
      watched.delete(id);
    }
    for (const { id, path } of wanted) {
      if (watched.has(id)) continue;
      const each: Watched = {
        id,
        path,
        mode: 'offline',
        reason: undefined,
        watchers: new Map(),
        dirty: new Map(),
        quiet: undefined,
        since: undefined,
        timer: undefined,
        isOver: false,
      };
      watched.set(id, each);
      await begin(each);
    }
    onChange();
  }

  /** Takes up one folder anew, in whichever way it can be. */
  async function begin(each: Watched): Promise<void> {
    closeWatchers(each);
    if (each.isOver) return;
    if (!(await isFolder(each.path))) {
      set(each, 'offline', 'The folder is not there.');
      each.timer = setTimeout(() => void comeBack(each), times.offlineMs).unref();
      return;
    }
    const remote = await findRemote(each.path);
    if (remote !== undefined) {
      return poll(each, `${remote} does not tell of what other machines change.`);
    }
    try {
      if (isRecursive) add(each, each.path, true);
      else await addTree(each, each.path);
      set(each, 'events', undefined);
    } catch (error) {
      closeWatchers(each);
      poll(each, explain(error));
    }
  }

  async function comeBack(each: Watched): Promise<void> {
    if (each.isOver) return;
    if (await isFolder(each.path)) onDirty(each.id, undefined);
    await begin(each);
  }

  function poll(each: Watched, reason: string): void {
    set(each, 'polling', reason);
    each.timer = setInterval(() => onDirty(each.id, undefined), times.pollMs).unref();
  }

  function set(each: Watched, mode: FolderWatch['mode'], reason: string | undefined): void {
    if (each.mode === mode && each.reason === reason) return;
    each.mode = mode;
    each.reason = reason;
    onChange();
  }

  /** Every folder within, links followed, none twice. */
  async function addTree(each: Watched, root: string): Promise<void> {
    const waiting = [root];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      if (each.isOver) return;
      if (each.watchers.has(folder)) continue;
      try {
        const real = await realpath(folder);
        if (real !== folder && each.watchers.has(real)) continue;
        // Watched first and read then: what comes in between is seen by one of the two.
        add(each, folder, false);
        for (const entry of await readdir(folder, { withFileTypes: true })) {
          if (HIDDEN.test(entry.name)) continue;
          const path = join(folder, entry.name);
          if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path)))) waiting.push(path);
        }
      } catch (error) {
        // A folder that went meanwhile, or may not be read.
        if (!['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'].includes(codeOf(error))) throw error;
      }
    }
  }

  function add(each: Watched, folder: string, recursive: boolean): void {
    const watcher = open(folder, { persistent: false, recursive }, (_, name) => {
      void changed(each, folder, name);
    });
    watcher.on('error', () => drop(each, folder));
    each.watchers.set(folder, watcher);
  }

  function drop(each: Watched, folder: string): void {
    each.watchers.get(folder)?.close();
    each.watchers.delete(folder);
    // All of it went, such as a drive that was taken out.
    if (folder === each.path && !each.isOver) {
      onDirty(each.id, undefined);
      void begin(each).catch(onError);
    }
  }

  /** @param name of what changed in the folder; where many did at once the system may not tell */
  async function changed(each: Watched, folder: string, name: string | null): Promise<void> {
    if (each.isOver) return;
    try {
      if (name === null) return mark(each, each.path, true);
      const path = join(folder, name);
      const parent = dirname(path);
      if (
        path
          .slice(each.path.length)
          .split(sep)
          .some((part) => HIDDEN.test(part))
      )
        return;
      const facts = await stat(path).catch(() => undefined);
      mark(each, parent, false);
      if (facts === undefined) {
        // It may have been a folder: nothing in it is there any more.
        for (const inner of each.watchers.keys()) {
          if (inner !== each.path && (inner === path || inner.startsWith(path + sep))) {
            each.watchers.get(inner)?.close();
            each.watchers.delete(inner);
          }
        }
        mark(each, path, true);
        if (!(await isFolder(each.path))) drop(each, each.path);
      } else if (facts.isDirectory()) {
        if (isRecursive || each.watchers.has(path)) return;
        await addTree(each, path);
        mark(each, path, true);
      }
    } catch (error) {
      closeWatchers(each);
      poll(each, explain(error));
      mark(each, each.path, true);
    }
  }

  function mark(each: Watched, path: string, isDeep: boolean): void {
    if (each.isOver) return;
    each.dirty.set(path, isDeep || each.dirty.get(path) === true);
    const now = performance.now();
    each.since ??= now;
    clearTimeout(each.quiet);
    const wait = Math.max(0, Math.min(times.quietMs, each.since + times.longestMs - now));
    each.quiet = setTimeout(() => flush(each), wait).unref();
  }

  function flush(each: Watched): void {
    const targets = [...each.dirty].map(([path, isDeep]) => ({ path, isDeep }));
    each.dirty.clear();
    each.since = undefined;
    const isAll = targets.length > MOST_TARGETS || targets.some(({ path, isDeep }) => isDeep && path === each.path);
    onDirty(each.id, isAll ? undefined : targets);
  }

  function closeWatchers(each: Watched): void {
    clearTimeout(each.timer);
    for (const watcher of each.watchers.values()) watcher.close();
    each.watchers.clear();
  }

  function end(each: Watched): void {
    each.isOver = true;
    clearTimeout(each.quiet);
    closeWatchers(each);
  }

  const sync = (): Promise<void> => {
    syncing = syncing.then(syncNow).catch(onError);
    return syncing;
  };
  return {
    sync,
    setOn(on) {
      isOn = on;
      return sync();
    },
    list: () =>
      [...watched.values()].map(({ id, mode, reason }) => ({
        folderId: id,
        mode,
        ...(reason !== undefined && { reason }),
      })),
    again(folderId, paths) {
      const each = watched.get(folderId);
      if (each !== undefined) for (const path of paths) mark(each, path, false);
    },
    close() {
      isClosed = true;
      return sync();
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

async function findRemote(path: string): Promise<string | undefined> {
  // The numbers are those of Linux.
  if (process.platform !== 'linux') return undefined;
  const { type } = await statfs(path);
  return REMOTE.get(type >>> 0);
}

function explain(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
      return 'The system watches no more folders: raise fs.inotify.max_user_watches.';
    case 'EMFILE':
      return 'Too many files are open: raise fs.inotify.max_user_instances, or the limit of open files.';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
