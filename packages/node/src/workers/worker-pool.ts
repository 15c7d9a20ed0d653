import { Worker, type WorkerOptions } from 'node:worker_threads';
import { FocalError, fromErrorData, throwIfAborted } from '@focal/core';
import { type CollectGarbage, createGarbageCollector, giveRoom } from './garbage.ts';
import type { FromWorker, Job, Jobs, ToWorker } from './protocol.ts';

export interface WorkerPoolOptions {
  readonly url: URL;
  /** How many threads at most. They start when there is work for them. */
  readonly size: number;
  readonly workerData?: unknown;
  /** For threads that take new memory all the time: see {@link giveRoom}. */
  readonly needsRoom?: boolean;
  /**
   * How many jobs are given to a thread at most, of which it does one after the other. Default 1. With more it goes on
   * though the calling thread is busy; one that all threads are busy with is given to the one that has the fewest.
   */
  readonly inHand?: number;
}

export interface JobOptions {
  /** Rejects at once with `aborted`. What a thread already does runs to its end and is dropped. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: unknown) => void) | undefined;
}

/**
 * Threads that do jobs, first come first served. A job that fails, or takes its thread down with it, rejects alone:
 * the rest of the queue goes on, on a new thread if need be. Idle threads do not keep the process alive.
 * [Note: never terminate] Native code aborts the whole process when its thread is terminated, so threads are only ever
 * asked to end, after the job in hand.
 */
export interface WorkerPool<J extends Jobs> {
  readonly size: number;
  /** Jobs that wait for a thread. */
  readonly waiting: number;
  /** How many jobs of these kinds wait or are being done. */
  count(kinds: ReadonlySet<keyof J & string>): number;
  run<K extends keyof J & string>(kind: K, input: J[K]['input'], options?: JobOptions): Promise<J[K]['output']>;
  /** Frees shared memory that the calling thread let go of just now; about a millisecond. */
  sweep(): void;
  /**
   * Frees all shared memory that neither the calling thread nor those of the pool use any more, each after its job in
   * hand. For a pause in the work: see [Note: shared memory is freed late].
   */
  tidy(): void;
  /** Rejects what waits with `closed`, lets what runs end, then ends the threads. Idempotent. */
  close(): Promise<void>;
}

interface Task<J extends Jobs> {
  readonly job: Job<J>;
  readonly options: JobOptions;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

interface Slot<J extends Jobs> {
  readonly worker: Worker;
  /** By their numbers, the one it works on first. */
  readonly tasks: Map<number, Task<J>>;
  ended: Promise<void>;
}

export function createWorkerPool<J extends Jobs>({
  url,
  size,
  workerData,
  needsRoom = false,
  inHand = 1,
}: WorkerPoolOptions): WorkerPool<J> {
  const slots = new Set<Slot<J>>();
  const queue: Task<J>[] = [];
  let nextId = 1;
  let closing: Promise<void> | undefined;
  let collector: CollectGarbage | undefined;

  function start(): Slot<J> {
    // Flags of the process (--input-type, --conditions) are about its own modules and stop ours from loading.
    const options: WorkerOptions = { workerData, name: 'focal', stdout: false, stderr: false, execArgv: [] };
    const takeRoom = needsRoom ? giveRoom() : undefined;
    const worker = new Worker(url, options);
    if (takeRoom !== undefined) worker.once('online', takeRoom);
    const slot: Slot<J> = {
      worker,
      tasks: new Map(),
      ended: new Promise((resolve) => worker.once('exit', () => resolve())),
    };
    let cause: unknown;
    worker.on('message', (message: FromWorker) => receive(slot, message));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => lose(slot, cause));
    slots.add(slot);
    return slot;
  }

  function receive(slot: Slot<J>, message: FromWorker): void {
    const task = slot.tasks.get(message.id);
    if (task === undefined) return;
    if (message.type === 'progress') {
      const { signal, onProgress } = task.options;
      if (signal?.aborted !== true) onProgress?.(message.progress);
      return;
    }
    drop(slot, message.id);
    if (message.type === 'result') task.resolve(message.result as never);
    else task.reject(fromErrorData(message.error));
    advance();
  }

  function drop(slot: Slot<J>, id: number): void {
    slot.tasks.delete(id);
    if (slot.tasks.size === 0) slot.worker.unref();
  }

  /** The thread is gone: of its own will after `close`, else by a crash that took the job it worked on along. */
  function lose(slot: Slot<J>, cause: unknown): void {
    slots.delete(slot);
    const [current, ...others] = slot.tasks.values();
    slot.tasks.clear();
    current?.reject(
      new FocalError('internal', `A worker thread ended in the middle of its job: ${reasonOf(cause)}.`, {
        hint: 'The other jobs go on. If the same picture does it again, please report it.',
        cause,
      }),
    );
    queue.unshift(...others);
    advance();
  }

  /** The thread that a job is given to; undefined where all have their hands full. */
  function choose(): Slot<J> | undefined {
    const [freest] = [...slots].sort((a, b) => a.tasks.size - b.tasks.size);
    if (freest?.tasks.size === 0) return freest;
    if (slots.size < size) return start();
    return freest !== undefined && freest.tasks.size < inHand ? freest : undefined;
  }

  function advance(): void {
    while (queue.length > 0) {
      const slot = choose();
      const task = slot === undefined ? undefined : queue.shift();
      if (slot === undefined || task === undefined) return;
      const id = nextId++;
      slot.tasks.set(id, task);
      slot.worker.ref();
      try {
        slot.worker.postMessage({ type: 'job', id, job: task.job } satisfies ToWorker);
      } catch (error) {
        // Something in the job cannot be copied.
        drop(slot, id);
        task.reject(error);
      }
    }
  }

  function enqueue(job: Job<J>, options: JobOptions): Promise<never> {
    throwIfAborted(options.signal);
    if (closing !== undefined) throw new FocalError('closed', 'Focal has been closed.');
    const { signal } = options;
    return new Promise<never>((resolve, reject) => {
      const onAbort = () => {
        const index = queue.indexOf(task);
        if (index >= 0) queue.splice(index, 1);
        reject(new FocalError('aborted', 'The work was cancelled.', { cause: signal?.reason }));
      };
      const settle = () => signal?.removeEventListener('abort', onAbort);
      const task: Task<J> = {
        job,
        options,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(task);
      advance();
    });
  }

  function collect(kind: 'minor' | 'major'): void {
    collector ??= createGarbageCollector();
    collector(kind);
  }

  async function close(): Promise<void> {
    const error = new FocalError('closed', 'Focal was closed while this work was waiting.');
    for (const task of queue.splice(0)) task.reject(error);
    const ends = [...slots].map((slot) => {
      slot.worker.ref();
      slot.worker.postMessage({ type: 'exit' } satisfies ToWorker);
      return slot.ended;
    });
    // A thread that shuts its port does not keep the process alive while it ends: without this the process may be over
    // before whoever awaits this goes on.
    const alive = setInterval(() => {}, 1000);
    try {
      await Promise.all(ends);
    } finally {
      clearInterval(alive);
    }
  }

  return {
    size,
    get waiting() {
      return queue.length;
    },
    count(kinds) {
      const tasks = [...queue, ...[...slots].flatMap(({ tasks }) => [...tasks.values()])];
      return tasks.filter(({ job }) => kinds.has(job.kind)).length;
    },
    async run(kind, input, options = {}) {
      return enqueue({ kind, input } as Job<J>, options);
    },
    sweep: () => collect('minor'),
    tidy() {
      collect('major');
      for (const { worker } of slots) worker.postMessage({ type: 'tidy' } satisfies ToWorker);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'no reason given';
}
