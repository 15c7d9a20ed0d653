import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Bench, type BenchResult, median, percentile, withinMs } from './bench.ts';
import type { ServerFigures, ServerQuestion, ServerStarted } from './server-process.ts';

const ROWS = [
  'idle server, resident set',
  'event-loop delay p99 while 12 MP cutout and bokeh run',
  'GET /health meanwhile, slowest',
  'GET /health meanwhile, median',
  'cutout, 12 MP, through the server',
  'bokeh, 12 MP, through the server',
  '100 parallel cutouts: requests without an answer',
  '100 parallel cutouts: done at once',
  '100 parallel cutouts: resident set after the third wave / after the first',
] as const;

/** How free the server's own thread stays while others compute, and how much memory it takes. */
export const serverBench: Bench = {
  name: 'server',
  title: 'Event loop, health and memory of the server under load',
  rows: ROWS,
  async run(context) {
    const calibration = await context.calibrate();
    const photo = await openAsBlob((await context.inputs.photo12mp()).path);
    const [small] = await context.inputs.photos2mp(1);
    const server = await startServer();
    try {
      await fetch(`${server.url}/health`);
      await sleep(2000);
      const idle = await server.ask<ServerFigures>('figures');
      const load = await measureUnderLoad(server, photo);
      const waves = await measureWaves(server, await openAsBlob(small?.path ?? ''));
      return [
        atMost(ROWS[0], idle.residentMb, 150, 'MB'),
        withinMs(ROWS[1], load.figures.delayP99Ms, 50, calibration),
        withinMs(ROWS[2], Math.max(...load.healthMs), 100, calibration),
        {
          name: ROWS[3],
          value: median(load.healthMs),
          unit: 'ms',
          note: `p99 ${percentile(load.healthMs, 0.99).toFixed(1)} ms of ${load.healthMs.length}`,
        },
        { name: ROWS[4], value: median(load.cutoutMs), unit: 'ms' },
        { name: ROWS[5], value: median(load.bokehMs), unit: 'ms' },
        atMost(ROWS[6], waves.unanswered, 0, 'requests'),
        { name: ROWS[7], value: median(waves.done), unit: 'requests', note: 'the others were told when to try again' },
        atMost(ROWS[8], waves.growth, 1.15, 'ratio', `${waves.residentMb.map((mb) => mb.toFixed(0)).join(', ')} MB`),
      ] satisfies BenchResult[];
    } finally {
      await server.close();
    }
  },
};

interface BenchServer {
  readonly url: string;
  ask<T>(question: ServerQuestion): Promise<T>;
  close(): Promise<void>;
}

async function startServer(): Promise<BenchServer> {
  const child = fork(new URL('./server-process.js', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { url } = await nextMessage<ServerStarted>(child);
  return {
    url,
    ask<T>(question: ServerQuestion) {
      const answer = nextMessage<T>(child);
      child.send(question);
      return answer;
    },
    async close() {
      const exited = once(child, 'exit');
      child.send('close' satisfies ServerQuestion);
      await exited;
    },
  };
}

async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const stopped = new AbortController();
  const exit = once(child, 'exit', { signal: stopped.signal }).then(
    () => Promise.reject(new Error('The measured server ended before its time.')),
    () => new Promise<never>(() => undefined),
  );
  const [message] = await Promise.race([once(child, 'message', { signal: stopped.signal }), exit]);
  stopped.abort();
  return message as T;
}

interface Load {
  readonly figures: ServerFigures;
  readonly healthMs: readonly number[];
  readonly cutoutMs: readonly number[];
  readonly bokehMs: readonly number[];
}

/** Three cut-outs and three bokehs side by side, /health asked 20 times a second; models are warm. */
async function measureUnderLoad(server: BenchServer, photo: Blob): Promise<Load> {
  await Promise.all([edit(server, 'cutout', photo), edit(server, 'bokeh', photo)]);
  await server.ask('reset');
  const healthMs: number[] = [];
  const cutoutMs: number[] = [];
  const bokehMs: number[] = [];
  let busy = true;
  const repeat = async (effect: string, times: number[]): Promise<void> => {
    for (let i = 0; i < 3; i++) times.push(await edit(server, effect, photo));
  };
  const watch = (async () => {
    while (busy) {
      const start = performance.now();
      await (await fetch(`${server.url}/health`)).arrayBuffer();
      healthMs.push(performance.now() - start);
      await sleep(50);
    }
  })();
  await Promise.all([repeat('cutout', cutoutMs), repeat('bokeh', bokehMs)]);
  busy = false;
  await watch;
  return { figures: await server.ask<ServerFigures>('figures'), healthMs, cutoutMs, bokehMs };
}

interface Waves {
  readonly unanswered: number;
  readonly done: readonly number[];
  readonly residentMb: readonly number[];
  readonly growth: number;
}

/** Three times a hundred cut-outs of 2 MP at once. */
async function measureWaves(server: BenchServer, photo: Blob): Promise<Waves> {
  const done: number[] = [];
  const residentMb: number[] = [];
  let unanswered = 0;
  for (let wave = 0; wave < 3; wave++) {
    const statuses = await Promise.all(Array.from({ length: 100 }, () => statusOf(server, photo)));
    done.push(statuses.filter((status) => status === 200).length);
    unanswered += statuses.filter((status) => status !== 200 && status !== 429).length;
    residentMb.push((await server.ask<ServerFigures>('figures')).residentMb);
  }
  const [first = Number.NaN] = residentMb;
  return { unanswered, done, residentMb, growth: (residentMb.at(-1) ?? Number.NaN) / first };
}

async function statusOf(server: BenchServer, photo: Blob): Promise<number> {
  try {
    const answer = await fetch(`${server.url}/v1/cutout`, { method: 'POST', body: photo, headers: TYPE });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

const TYPE = { 'content-type': 'image/jpeg' };

/** Milliseconds from request to the last byte of the answer. */
async function edit(server: BenchServer, effect: string, photo: Blob): Promise<number> {
  const start = performance.now();
  const answer = await fetch(`${server.url}/v1/${effect}`, { method: 'POST', body: photo, headers: TYPE });
  const body = await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${effect} failed: ${new TextDecoder().decode(body)}`);
  return performance.now() - start;
}
