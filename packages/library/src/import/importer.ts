import { readFile } from 'node:fs/promises';
import { FocalError, throwIfAborted } from '@focal/core';
import { type JobQueue, toRunSql } from '../jobs/queue.ts';
import type { MediaReader } from '../media.ts';
import { keepTogether } from '../store/keep-together.ts';
import type { Store } from '../store/store.ts';
import { transact } from '../store/transact.ts';
import { noteBadFile } from './bad-files.ts';
import { type FileToKeep, type KeptAs, keepFiles, toFileToKeep } from './keep-files.ts';
import { fromPathKey } from './path-key.ts';
import { parseSidecar } from './takeout.ts';
import type { FoundFile } from './walk.ts';
import { readXmpOf } from './xmp-facts.ts';

export interface ImporterOptions {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly media: MediaReader;
  readonly folder: { readonly id: number };
  readonly now: () => number;
  /** Files read at once. */
  readonly together: number;
  readonly signal?: AbortSignal | undefined;
  /** Told what became of files once that is kept for good. */
  readonly onKept: (outcomes: readonly (KeptAs | 'bad')[]) => void;
  /** Told when jobs were added. */
  readonly onJobs?: () => void;
}

/** Reads files and keeps what they say of themselves, many in a transaction, with the jobs that follow from them. */
export interface Importer {
  /** Resolves when they are read; some of them may be kept later. */
  take(files: readonly FoundFile[]): Promise<void>;
  /** Keeps what was read and is not kept yet. To be called in the end, also where something failed. */
  finish(): Promise<void>;
}

/** A commit waits for the disk, whatever it holds, so what many files say is kept together. */
const MOST_FILES = 200;
/** What was read does not wait longer than that for others: it is to be seen, and lost where the process is killed. */
const LONGEST_WAIT_MS = 300;

export function createImporter({ store, queue, folder, now, signal, ...options }: ImporterOptions): Importer {
  let read: FileToKeep[] = [];
  let timer: NodeJS.Timeout | undefined;
  let keeping: Promise<void> = Promise.resolve();
  let hasFailed = false;

  async function readOne(file: FoundFile): Promise<FileToKeep | undefined> {
    try {
      const inspected = await options.media.inspect(fromPathKey(file.key), signal === undefined ? {} : { signal });
      const sidecar = file.sidecar === undefined ? undefined : parseSidecar(await readFile(file.sidecar, 'utf8'));
      const xmp = await readXmpOf(file, inspected);
      return toFileToKeep({ file, folderId: folder.id, inspected, sidecar, xmp, now: now() });
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof FocalError && (error.code === 'closed' || error.code === 'aborted')) throw error;
      await noteBadFile(store.db, { path: file.key, folderId: folder.id, stamp: file.stamp }, error, now());
      options.onKept(['bad']);
      return undefined;
    }
  }

  async function keep(files: readonly FileToKeep[]): Promise<void> {
    const { outcomes, toIndex } = await transact(store.db, async (trx) => {
      const kept = await keepFiles(trx, files);
      await queue.add('thumbnails', kept.toIndex, toRunSql(trx));
      return kept;
    });
    options.onKept(outcomes);
    if (toIndex.length > 0) options.onJobs?.();
  }

  async function refuse(file: FileToKeep, error: FocalError): Promise<void> {
    await noteBadFile(store.db, file, error, now());
    options.onKept(['bad']);
  }

  /** One after the other, in the order of reading. */
  function keepAll(): void {
    clearTimeout(timer);
    timer = undefined;
    const files = read;
    read = [];
    if (files.length === 0) return;
    keeping = keeping.then(() => keepTogether(files, keep, refuse));
    // Whoever reads on, or finishes, hears of it.
    keeping.catch(() => {
      hasFailed = true;
    });
  }

  return {
    async take(files) {
      const waiting = [...files];
      let isOver = false;
      const work = async (): Promise<void> => {
        try {
          for (let file = waiting.shift(); file !== undefined && !isOver; file = waiting.shift()) {
            throwIfAborted(signal);
            const one = await readOne(file);
            if (one === undefined) continue;
            read.push(one);
            timer ??= setTimeout(keepAll, LONGEST_WAIT_MS);
            // While these are kept the next are read, and no more than those.
            if (read.length >= MOST_FILES || hasFailed) await keeping;
            if (read.length >= MOST_FILES) keepAll();
          }
        } finally {
          isOver = true;
        }
      };
      const results = await Promise.allSettled(Array.from({ length: options.together }, work));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
    finish() {
      keepAll();
      return keeping;
    },
  };
}
