import { FocalError } from '@focal/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

type TestJobs = {
  readonly echo: { readonly input: unknown; readonly output: unknown };
  readonly fail: { readonly input: string; readonly output: never };
  readonly throwLater: { readonly input: null; readonly output: never };
  readonly exit: { readonly input: null; readonly output: never };
  readonly wait: { readonly input: Int32Array; readonly output: string };
  readonly threadId: { readonly input: null; readonly output: number };
};

/** A worker that speaks the protocol and can be made to misbehave. */
const SOURCE = `
import { parentPort, threadId } from 'node:worker_threads';
const jobs = {
  echo: (input) => input,
  fail: (input) => { throw { code: 'corrupt-input', message: input, hint: 'A hint.' }; },
  throwLater: () => { setImmediate(() => { throw new Error('boom'); }); return new Promise(() => {}); },
  exit: () => process.exit(3),
  wait: (input) => {
    Atomics.store(input, 0, 1);
    Atomics.notify(input, 0);
    Atomics.wait(input, 1, 0);
    return 'waited';
  },
  threadId: () => threadId,
};
parentPort.on('message', async (message) => {
  if (message.type === 'exit') return parentPort.close();
  const { id, job } = message;
  parentPort.postMessage({ type: 'progress', id, progress: 0.5 });
  try {
    parentPort.postMessage({ type: 'result', id, result: await jobs[job.kind](job.input) });
  } catch (error) {
    parentPort.postMessage({ type: 'error', id, error });
  }
});`;

const pools: WorkerPool<TestJobs>[] = [];

function open(size: number, inHand = 1): WorkerPool<TestJobs> {
  const url = new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`);
  const pool = createWorkerPool<TestJobs>({ url, size, inHand });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** A job that holds its thread until `release` is called; `started` tells that it does. */
function hold(pool: WorkerPool<TestJobs>, signal?: AbortSignal) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const done = pool.run('wait', flags, { signal });
  const hasStarted = (): boolean => Atomics.load(flags, 0) !== 0;
  return {
    done,
    hasStarted,
    async started() {
      while (!hasStarted()) await new Promise((resolve) => setTimeout(resolve, 2));
    },
    release() {
      Atomics.store(flags, 1, 1);
      Atomics.notify(flags, 1);
    },
  };
}

describe('createWorkerPool', () => {
  it('runs jobs and reports progress', async () => {
    const seen: unknown[] = [];
    const result = await open(1).run('echo', { a: [1, 2] }, { onProgress: (progress) => seen.push(progress) });
    expect(result).toEqual({ a: [1, 2] });
    expect(seen).toEqual([0.5]);
  });

  it('passes errors on with code and hint', async () => {
    const error: unknown = await open(1)
      .run('fail', 'It is broken.')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FocalError);
    expect(error).toMatchObject({ code: 'corrupt-input', message: 'It is broken.', hint: 'A hint.' });
  });

  it('goes on with the queue after a job that fails', async () => {
    const pool = open(1);
    const results = await Promise.allSettled([
      pool.run('fail', 'first'),
      pool.run('echo', 'second'),
      pool.run('fail', 'third'),
      pool.run('echo', 'fourth'),
    ]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
      'failed',
      'second',
      'failed',
      'fourth',
    ]);
  });

  it('counts the jobs of a kind, waiting or being done', async () => {
    const pool = open(1);
    const held = hold(pool);
    const more = [pool.run('echo', 1), pool.run('threadId', null)];
    const count = () => [pool.count(new Set(['wait'])), pool.count(new Set(['echo', 'threadId'])), pool.waiting];
    expect(count()).toEqual([1, 2, 2]);
    held.release();
    await Promise.all([held.done, ...more]);
    expect(count()).toEqual([0, 0, 0]);
  });

  it('loses only the job of a thread that crashes, and goes on with a new thread', async () => {
    for (const kind of ['throwLater', 'exit'] as const) {
      const pool = open(1);
      const before = await pool.run('threadId', null);
      const [crashed, queued] = await Promise.allSettled([pool.run(kind, null), pool.run('threadId', null)]);
      expect(crashed).toMatchObject({
        status: 'rejected',
        reason: { code: 'internal', message: expect.stringContaining('ended in the middle of its job') },
      });
      expect(queued.status).toBe('fulfilled');
      expect(queued.status === 'fulfilled' && queued.value).not.toBe(before);
    }
  });

  it('rejects a cancelled job at once, drops its result and uses the thread again', async () => {
    const pool = open(1);
    const abort = new AbortController();
    const running = hold(pool, abort.signal);
    await running.started();
    const thread = pool.run('threadId', null);
    abort.abort();
    // The thread is still held: the promise has not waited for it.
    await expect(running.done).rejects.toMatchObject({ code: 'aborted' });
    running.release();
    await expect(thread).resolves.toBeTypeOf('number');
  });

  it('takes a cancelled job out of the queue', async () => {
    const pool = open(1);
    const running = hold(pool);
    await running.started();
    const abort = new AbortController();
    const waiting = pool.run('echo', 1, { signal: abort.signal });
    expect(pool.waiting).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    expect(pool.waiting).toBe(0);
    running.release();
    await expect(running.done).resolves.toBe('waited');
  });

  it('does not take a job that was cancelled before', async () => {
    await expect(open(1).run('echo', 1, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('rejects a job that cannot be copied and goes on', async () => {
    const pool = open(1);
    await expect(pool.run('echo', () => 1)).rejects.toThrow('could not be cloned');
    await expect(pool.run('echo', 2)).resolves.toBe(2);
  });

  it('uses several threads at once, at most as many as it has', async () => {
    const pool = open(2);
    const first = hold(pool);
    const second = hold(pool);
    await Promise.all([first.started(), second.started()]);
    const third = pool.run('echo', 3);
    expect(pool.waiting).toBe(1);
    first.release();
    await expect(third).resolves.toBe(3);
    second.release();
    await Promise.all([first.done, second.done]);
  });

  it('gives a thread its next job before it comes back with the one in hand, each to the thread with the fewest', async () => {
    const pool = open(2, 2);
    const [first, second] = [hold(pool), hold(pool)];
    await Promise.all([first.started(), second.started()]);
    const [third, fourth] = [hold(pool), hold(pool)];
    const fifth = pool.run('echo', 5);
    expect(pool.waiting).toBe(1);
    first.release();
    second.release();
    // While this thread does nothing else: what was in hand begins without being given out now.
    const deadline = Date.now() + 10_000;
    while (!(third.hasStarted() && fourth.hasStarted()) && Date.now() < deadline);
    expect([third.hasStarted(), fourth.hasStarted()]).toEqual([true, true]);
    third.release();
    fourth.release();
    await expect(fifth).resolves.toBe(5);
    await Promise.all([first.done, second.done, third.done, fourth.done]);
  });

  it('gives what a thread that crashes had in hand besides to another', async () => {
    const pool = open(1, 3);
    const before = await pool.run('threadId', null);
    const results = await Promise.allSettled([pool.run('exit', null), pool.run('threadId', null), pool.run('echo', 2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(results[1]).not.toMatchObject({ value: before });
    expect(results[2]).toMatchObject({ value: 2 });
  });

  it('closes after the job in hand, rejects what waits, and takes nothing more', async () => {
    const pool = open(1);
    const running = hold(pool);
    await running.started();
    const waiting = pool.run('echo', 1);
    const closing = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
    running.release();
    await expect(running.done).resolves.toBe('waited');
    await closing;
    await expect(pool.run('echo', 2)).rejects.toMatchObject({ code: 'closed' });
    await expect(pool.close()).resolves.toBeUndefined();
  });
});
