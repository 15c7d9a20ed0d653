import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueue, type Ticket } from './queue.ts';

const setUp = (concurrency: number, length: number, maxWaitMs = 60_000) =>
  createQueue({ concurrency, length, maxWaitMs });

describe('createQueue', () => {
  it('lets as many run at once as it is told, the others in the order of asking', async () => {
    const queue = setUp(2, 10);
    const started: number[] = [];
    const tickets = [0, 1, 2, 3, 4].map(() => queue.enter());
    const turns = tickets.map((ticket, i) => ticket.turn().then(() => started.push(i)));
    await Promise.all(turns.slice(0, 2));
    expect(started).toEqual([0, 1]);
    expect(queue.state()).toEqual({ running: 2, waiting: 3 });
    tickets[1]?.[Symbol.dispose]();
    await turns[2];
    expect(started).toEqual([0, 1, 2]);
    for (const ticket of tickets) ticket[Symbol.dispose]();
    await Promise.all(turns);
    expect(queue.state()).toEqual({ running: 0, waiting: 0 });
  });

  it('refuses what is past its length, saying when to try again', () => {
    const queue = setUp(1, 1);
    queue.enter();
    const second = queue.enter();
    expect(() => queue.enter()).toThrow(
      expect.objectContaining({ code: 'busy', headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) } }),
    );
    second[Symbol.dispose]();
    expect(() => queue.enter()).not.toThrow();
  });

  it('drops a waiting ticket whose client left, and goes on with the next', async () => {
    const queue = setUp(1, 5);
    const [first, second, third] = [queue.enter(), queue.enter(), queue.enter()];
    await first.turn();
    const leaving = new AbortController();
    const turn = second.turn(leaving.signal);
    const next = third.turn();
    leaving.abort();
    await expect(turn).rejects.toMatchObject({ code: 'aborted' });
    second[Symbol.dispose]();
    first[Symbol.dispose]();
    await next;
    expect(queue.state()).toEqual({ running: 1, waiting: 0 });
  });

  it('sends a ticket away whose turn does not come in time, and goes on with the next', async () => {
    const queue = setUp(1, 5, 20);
    const [first, second, third] = [queue.enter(), queue.enter(), queue.enter()];
    await first.turn();
    await expect(second.turn()).rejects.toMatchObject({
      code: 'overloaded',
      message: 'The work could not begin within 0.02 s: too much came before it.',
      headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) },
    });
    second[Symbol.dispose]();
    const next = third.turn();
    first[Symbol.dispose]();
    await next;
    // Work that has begun is not bounded by the wait.
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(queue.state()).toEqual({ running: 1, waiting: 0 });
  });

  it('counts a ticket that is given back twice once', async () => {
    const queue = setUp(1, 0);
    const ticket = queue.enter();
    await ticket.turn();
    ticket[Symbol.dispose]();
    ticket[Symbol.dispose]();
    expect(queue.state()).toEqual({ running: 0, waiting: 0 });
    queue.enter();
    expect(() => queue.enter()).toThrow('places are taken');
  });

  it('never runs more than it may and never gets stuck, whatever fails or leaves', async () => {
    const jobs = fc.array(fc.constantFrom('ends', 'fails', 'leaves'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), jobs, async (concurrency, kinds) => {
        const queue = setUp(concurrency, 100);
        let most = 0;
        const run = async (ticket: Ticket, kind: string): Promise<void> => {
          const leaving = new AbortController();
          if (kind === 'leaves') queueMicrotask(() => leaving.abort());
          try {
            await ticket.turn(leaving.signal);
            most = Math.max(most, queue.state().running);
            await Promise.resolve();
            if (kind === 'fails') throw new Error('broken');
          } finally {
            ticket[Symbol.dispose]();
          }
        };
        await Promise.allSettled(kinds.map((kind) => run(queue.enter(), kind)));
        expect(most).toBeLessThanOrEqual(concurrency);
        expect(queue.state()).toEqual({ running: 0, waiting: 0 });
      }),
      { numRuns: 60 },
    );
  });
});
