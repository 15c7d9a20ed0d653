// A server to measure, as a process of its own: started by the server bench, which asks it for its figures.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { serve } from '@focal/server';
import { createFocal } from 'focal';

/** What the process tells when it listens. */
export interface ServerStarted {
  readonly url: string;
}

/** What the process tells when asked for figures. */
export interface ServerFigures {
  /** Delay of a 5 ms timer since the last `reset`, above those 5 ms. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly residentMb: number;
}

export type ServerQuestion = 'reset' | 'figures' | 'close';

const TICK_MS = 5;

async function main(): Promise<void> {
  const serving = await serve({ focal: await createFocal({ priority: 'low' }), port: 0 });
  if (serving.state !== 'listening') throw new Error('Another server was taken for this one.');
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  const toMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - TICK_MS);

  process.on('message', (question: ServerQuestion) => {
    switch (question) {
      case 'reset':
        delay.disable();
        delay.reset();
        delay.enable();
        process.send?.('reset');
        break;
      case 'figures':
        process.send?.({
          delayP99Ms: toMs(delay.percentile(99)),
          delayMaxMs: toMs(delay.max),
          residentMb: process.memoryUsage.rss() / 2 ** 20,
        } satisfies ServerFigures);
        break;
      case 'close':
        void serving.close().then(() => process.disconnect());
        break;
    }
  });
  // The bench was killed.
  process.once('disconnect', () => void serving.close(0));
  process.send?.({ url: serving.url } satisfies ServerStarted);
}

await main();
