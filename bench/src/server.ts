import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
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
  '100 parallel cutouts: peak resident set / that of two',
] as const;

/** How free the server's own thread stays while others compute, and how much memory it takes. */
export const serverBench: Bench = {
  name: 'server',
  title: 'Event loop, health and memory of the server under load',
  rows: ROWS,
  async run(context) {
    const calibration = await context.calibrate();
    const photo = await readFile((await context.inputs.photo12mp()).path);
    const [small] = await context.inputs.photos2mp(1);
    const server = await startServer();
    try {
      await fetch(`${server.url}/health`);
      await sleep(2000);
      const idle = await server.ask<ServerFigures>('figures');
      const load = await measureUnderLoad(server, photo);
      const two = await measureParallel(server, await readFile(small?.path ?? ''), 2);
      const hundred = await measureParallel(server, await readFile(small?.path ?? ''), 100);
      const memory = `${two.peakMb.toFixed(0)} MB and ${hundred.peakMb.toFixed(0)} MB`;
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
        atMost(ROWS[6], hundred.unanswered, 0, 'requests'),
        { name: ROWS[7], value: hundred.done, unit: 'requests', note: 'the others were told when to try again' },
        atMost(ROWS[8], hundred.peakMb / two.peakMb, 1.25, 'ratio', memory),
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
async function measureUnderLoad(server: BenchServer, photo: Uint8Array): Promise<Load> {
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

interface Parallel {
  readonly unanswered: number;
  readonly done: number;
  readonly peakMb: number;
}

/** Cut-outs of 2 MP, all asked for at once, and the most memory that the server took meanwhile. */
async function measureParallel(server: BenchServer, photo: Uint8Array, count: number): Promise<Parallel> {
  let peakMb = 0;
  let busy = true;
  const watch = (async () => {
    while (busy) {
      const { residentMb } = await server.ask<ServerFigures>('figures');
      peakMb = Math.max(peakMb, residentMb);
      await sleep(50);
    }
  })();
  const statuses = await Promise.all(Array.from({ length: count }, () => statusOf(server, photo)));
  busy = false;
  await watch;
  const done = statuses.filter((status) => status === 200).length;
  return { done, unanswered: count - done - statuses.filter((status) => status === 429).length, peakMb };
}

async function statusOf(server: BenchServer, photo: Uint8Array): Promise<number> {
  return send(server, 'cutout', photo).then(
    ({ status }) => status,
    () => 0,
  );
}

/** Milliseconds from request to the last byte of the answer. */
async function edit(server: BenchServer, effect: string, photo: Uint8Array): Promise<number> {
  const start = performance.now();
  const { status, body } = await send(server, effect, photo);
  if (status !== 200) throw new Error(`${effect} failed: ${body.toString()}`);
  return performance.now() - start;
}

/** Posts a photo. Unlike `fetch`, which gives up after five minutes, this waits for its turn as long as it takes. */
function send(
  server: BenchServer,
  effect: string,
  photo: Uint8Array,
): Promise<{ readonly status: number; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'image/jpeg', 'content-length': photo.length };
    const sent = request(`${server.url}/v1/${effect}`, { method: 'POST', headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject);
    sent.end(photo);
  });
}
