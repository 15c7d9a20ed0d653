import { FocalError } from '@focal/core';
import { type ScanOptions, type ScanReport, scanFolder } from './scan.ts';
import type { ScanTarget } from './watch.ts';

interface ScanChoice {
  readonly retryBad?: boolean;
  /** Parts of it; else all. */
  readonly targets?: readonly ScanTarget[] | undefined;
  readonly settleMs?: number;
}

/** Folders that are looked through, one after the other. */
export interface Scans {
  /** A folder that waits already is looked through once; one that is looked through now, once more. */
  start(folderId: number, choice: ScanChoice): void;
  /** False where it was not looked through. */
  stop(folderId: number): Promise<boolean>;
  list(): readonly { readonly folderId: number; readonly isRunning: boolean; readonly report?: ScanReport }[];
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface Running {
  readonly folderId: number;
  readonly stop: AbortController;
  report: ScanReport | undefined;
  readonly done: Promise<void>;
}

export interface ScansOptions
  extends Omit<ScanOptions, 'folder' | 'retryBad' | 'targets' | 'settleMs' | 'onUnsettled' | 'signal' | 'onProgress'> {
  /** Told of folders with files that somebody may still be writing. */
  readonly onUnsettled: (folderId: number, folders: readonly string[]) => void;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

export function createScans(options: ScansOptions): Scans {
  const waiting = new Map<number, ScanChoice>();
  let running: Running | undefined;
  let isClosed = false;
  let waiters: (() => void)[] = [];

  function advance(): void {
    if (running !== undefined) return;
    const [next] = waiting;
    if (next === undefined || isClosed) {
      for (const each of waiters.splice(0)) each();
      return;
    }
    const [folderId, choice] = next;
    waiting.delete(folderId);
    const stop = new AbortController();
    const scan: Running = {
      folderId,
      stop,
      report: undefined,
      done: run(folderId, choice, stop.signal, (report) => {
        scan.report = report;
      }).finally(() => {
        running = undefined;
        options.onChange();
        advance();
      }),
    };
    running = scan;
  }

  async function run(
    folderId: number,
    choice: ScanChoice,
    signal: AbortSignal,
    onReport: (report: ScanReport) => void,
  ): Promise<void> {
    try {
      const folder = await options.store.db
        .selectFrom('folders')
        .select(['id', 'path'])
        .where('id', '=', folderId)
        .executeTakeFirst();
      if (folder === undefined) return;
      const { targets, ...rest } = choice;
      await scanFolder({
        ...options,
        ...rest,
        ...(targets !== undefined && { targets }),
        folder,
        signal,
        onUnsettled: (folders) => options.onUnsettled(folderId, folders),
        onProgress(report) {
          onReport(report);
          options.onChange();
        },
      });
    } catch (error) {
      if (!signal.aborted) options.onError(error);
    }
  }

  return {
    start(folderId, choice) {
      const before = waiting.get(folderId);
      waiting.set(folderId, before === undefined ? choice : join(before, choice));
      // The caller goes on first, so that who adds a folder can ask how far it is.
      setImmediate(advance);
    },
    async stop(folderId) {
      const wasWaiting = waiting.delete(folderId);
      if (running?.folderId !== folderId) return wasWaiting;
      running.stop.abort(new FocalError('aborted', 'The work was cancelled.'));
      await running.done;
      return true;
    },
    list() {
      return [
        ...(running === undefined
          ? []
          : [
              {
                folderId: running.folderId,
                isRunning: true,
                ...(running.report !== undefined && { report: running.report }),
              },
            ]),
        ...[...waiting.keys()].map((folderId) => ({ folderId, isRunning: false })),
      ];
    },
    idle() {
      if (running === undefined && waiting.size === 0) return Promise.resolve();
      return new Promise((resolve) => waiters.push(resolve));
    },
    async close() {
      isClosed = true;
      waiting.clear();
      running?.stop.abort(new FocalError('closed', 'The library has been closed.'));
      await running?.done;
      for (const each of waiters) each();
      waiters = [];
    },
  };
}

/** What does both. */
function join(one: ScanChoice, other: ScanChoice): ScanChoice {
  const settleMs = Math.min(one.settleMs ?? 0, other.settleMs ?? 0);
  const isPart = one.targets !== undefined && other.targets !== undefined;
  return {
    retryBad: one.retryBad === true || other.retryBad === true,
    ...(isPart && { targets: [...(one.targets ?? []), ...(other.targets ?? [])] }),
    ...(settleMs > 0 && { settleMs }),
  };
}
