import { describe, expect, it } from 'vitest';
import { createLatestRunner } from './latest.ts';

/** A job that ends when told to. */
function createGate() {
  const opened: (() => void)[] = [];
  const pass = () => new Promise<void>((resolve) => opened.push(resolve));
  return { pass, open: () => opened.shift()?.() };
}

describe('the latest-wins runner', () => {
  it('runs the first and the newest, and none of those between', async () => {
    const gate = createGate();
    const ran: number[] = [];
    const runner = createLatestRunner<number>(
      async (job) => {
        ran.push(job);
        await gate.pass();
      },
      () => undefined,
    );
    for (let i = 1; i <= 20; i++) runner.request(i);
    gate.open();
    await new Promise((resolve) => setTimeout(resolve, 0));
    gate.open();
    await runner.idle();
    expect(ran).toEqual([1, 20]);
  });

  it('goes on after a job that failed', async () => {
    const errors: unknown[] = [];
    const ran: number[] = [];
    const runner = createLatestRunner<number>(
      async (job) => {
        if (job === 1) throw new Error('broken');
        ran.push(job);
      },
      (error) => errors.push(error),
    );
    runner.request(1);
    await runner.idle();
    runner.request(2);
    await runner.idle();
    expect(ran).toEqual([2]);
    expect(errors).toHaveLength(1);
  });

  it('tells what runs to stop and drops what waits', async () => {
    const ran: string[] = [];
    const runner = createLatestRunner<string>(
      async (job, signal) => {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        ran.push(job);
      },
      () => undefined,
    );
    runner.request('running');
    runner.request('waiting');
    runner.cancel();
    await runner.idle();
    expect(ran).toEqual(['running']);
  });
});
