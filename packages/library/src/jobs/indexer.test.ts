import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createIndexer, type IndexerOptions } from './indexer.ts';
import type { LibraryJob } from './queue.ts';

// Time stands still: what waits for a timer waits for ever.
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An indexer whose queue is empty, and tells when it is asked. */
function createIdle(onTake: (asked: number) => void) {
  let asked = 0;
  const queue = {
    take: async (): Promise<readonly LibraryJob[]> => {
      onTake(++asked);
      return [];
    },
  };
  const options = { queue, together: 1, onError: (error: unknown) => expect.unreachable(String(error)) };
  return createIndexer(options as unknown as IndexerOptions);
}

test('an indexer that is closed while it asks for work ends at once', async () => {
  const closed = new Promise<string>((resolve, reject) => {
    const indexer = createIdle((asked) => {
      if (asked === 2) indexer.close().then(() => resolve('closed'), reject);
    });
    indexer.wake();
  });
  expect(await closed).toBe('closed');
});

test('an indexer that is woken while it asks for work asks again at once', async () => {
  const times = new Promise<number>((resolve) => {
    const indexer = createIdle((asked) => {
      if (asked === 2) indexer.wake();
      if (asked === 3) resolve(asked);
    });
    indexer.wake();
  });
  expect(await times).toBe(3);
});

test('an indexer is not idle before it has asked for work that came while it asked', async () => {
  const told = new Promise<number>((resolve) => {
    let asks = 0;
    const indexer = createIdle((asked) => {
      asks = asked;
      // Two questions make a round: in the midst of the first somebody waits for the end.
      if (asked === 2) void indexer.idle().then(() => resolve(asks));
    });
    indexer.wake();
  });
  expect(await told).toBe(4);
});
