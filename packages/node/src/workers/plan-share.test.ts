import { Worker } from 'node:worker_threads';
import {
  createMatte,
  createPicture,
  createRecipe,
  effects,
  type Pass,
  resolveRecipe,
  runPlan,
  type Scene,
  toRegionMatte,
} from '@focal/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFonts } from '../text/fonts.ts';
import type { Lease } from './memory-pool.ts';
import type { PixelJobs } from './pixel-jobs.ts';
import { createControl, runShare, stopPlan } from './plan-share.ts';
import { buildPlan, recordAllocations, replayAllocations } from './plan-spec.ts';
import { createPixelPool } from './pools.ts';
import { runPlanParallel } from './run-plan.ts';
import type { WorkerPool } from './worker-pool.ts';

function countingPass(rows: number, log: string[], name: string): Pass {
  return {
    name,
    rows,
    run(from, to) {
      for (let row = from; row < to; row++) log.push(`${name}${row}`);
    },
  };
}

describe('runShare', () => {
  it('runs every row of every pass once, in the order of the passes', () => {
    const log: string[] = [];
    const passes = [countingPass(1, log, 'a'), countingPass(37, log, 'b'), countingPass(5, log, 'c')];
    const finished: number[] = [];
    expect(runShare(passes, createControl(3), 2, (index) => finished.push(index))).toBe(true);
    expect(finished).toEqual([0, 1, 2]);
    const expected = ['a0', ...Array.from({ length: 37 }, (_, i) => `b${i}`), 'c0', 'c1', 'c2', 'c3', 'c4'];
    expect(log).toEqual(expected);
  });

  it('leaves a plan alone whose passes are all done', () => {
    const log: string[] = [];
    const control = createControl(1);
    runShare([countingPass(4, log, 'a')], control, 2, () => {});
    const before = log.length;
    expect(runShare([countingPass(4, log, 'a')], control, 2, () => {})).toBe(true);
    expect(log.length).toBe(before);
  });

  it('stops between rows when the plan is stopped', () => {
    const control = createControl(1);
    let rows = 0;
    const pass: Pass = {
      name: 'long',
      rows: 1000,
      run(from, to) {
        rows += to - from;
        stopPlan(control);
      },
    };
    expect(runShare([pass], control, 1, () => {})).toBe(false);
    expect(rows).toBeLessThan(1000);
  });

  it('wakes a thread that waits at a barrier when the plan is stopped', async () => {
    const control = createControl(1);
    // All rows are taken by somebody who never finishes them.
    Atomics.store(control, 1, 10);
    const module = new URL('../../dist/workers/plan-share.js', import.meta.url).href;
    const source = `
      import { parentPort, workerData } from 'node:worker_threads';
      import { runShare } from '${module}';
      parentPort.postMessage('ready');
      parentPort.postMessage(runShare([{ name: 'a', rows: 10, run() {} }], workerData, 2, () => {}));`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: control });
    const messages: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message) => {
        messages.push(message);
        if (message === 'ready') setTimeout(() => stopPlan(control), 20);
      });
      worker.on('exit', () => resolve());
      worker.on('error', reject);
    });
    expect(messages).toEqual(['ready', false]);
  });
});

describe('replayAllocations', () => {
  it('hands out the recorded buffers in order and notices a plan that asks for others', () => {
    const { allocate, buffers } = recordAllocations();
    const first = allocate(8);
    const second = allocate(16);
    const replay = replayAllocations(buffers);
    expect(replay(8)).toBe(first);
    expect(replay(16)).toBe(second);
    expect(() => replay(4)).toThrow('other memory');
    expect(() => replayAllocations(buffers)(9)).toThrow('other memory');
  });
});

describe('runPlanParallel', () => {
  let pool: WorkerPool<PixelJobs>;
  beforeAll(() => {
    pool = createPixelPool(3);
  });
  afterAll(() => pool.close());

  function picture(width: number, height: number) {
    const made = createPicture(width, height);
    for (let i = 0; i < made.data.length; i++) made.data[i] = (i * 2654435761) >>> 24;
    for (let i = 3; i < made.data.length; i += 4) made.data[i] = 255;
    return made;
  }

  function disc(size: number) {
    const data = new Uint8Array(size * size);
    for (let i = 0; i < data.length; i++) {
      const distance = Math.hypot((i % size) - size / 2, Math.floor(i / size) - size / 2);
      data[i] = Math.max(0, Math.min(255, 128 + (size / 4 - distance) * 40));
    }
    return createMatte(size, size, { data });
  }

  /** Memory full of what somebody else left there. */
  const used: Lease = {
    take: (byteLength) => {
      const buffer = new SharedArrayBuffer(byteLength);
      new Uint8Array(buffer).fill(0x3f);
      return { buffer, isClear: false };
    },
    takeSpare: () => undefined,
    add: () => {},
    end: () => {},
  };

  it('gives the same bytes on several threads and in used memory as on one, for every effect and the matte', async () => {
    const photo = picture(151, 97);
    const matte = disc(64);
    const scene = sceneOf(151, 97);
    const layOut = await createFonts().layOut();
    const recipe = (steps: readonly { readonly effect: string }[]) => {
      const resolved = resolveRecipe(createRecipe(steps), photo, scene, { layOut });
      expect(resolved.steps).toHaveLength(steps.length);
      return { kind: 'recipe', picture: photo, scene, steps: resolved.steps, pictures: {} } as const;
    };
    const all = Object.keys(effects).map((name) => ({ effect: name, ...(name === 'caption' && TEXT) }));
    const specs = [
      ...all.map((step) => recipe([step])),
      recipe(all),
      { kind: 'refine-matte', picture: photo, matte },
      { kind: 'resize', picture: photo, width: 64, height: 64 },
    ] as const;
    for (const spec of specs) {
      const alone = runPlan(buildPlan(spec, (byteLength) => new ArrayBuffer(byteLength)));
      expect(alone.data.some((byte) => byte !== 0)).toBe(true);
      for (const lease of [undefined, used]) {
        const together = await runPlanParallel(pool, spec, { lease });
        expect(Buffer.compare(Buffer.from(together.data), Buffer.from(alone.data))).toBe(0);
      }
    }
  });

  const TEXT = { params: { text: 'Lisboa, αθήνα, Київ' } };
  const NOBODY = { key: 'everything', inverted: false, subjects: [], faces: [] } as const;

  /** One person with a face, who is the subject. */
  function sceneOf(width: number, height: number): Scene {
    const provenance = { models: [] };
    const matte = disc(64);
    const region = toRegionMatte(matte);
    if (region === undefined) throw new Error('Expected a disc that can be seen.');
    const at = (x: number, y: number) => ({ x, y });
    const box = { x: 0.4, y: 0.3, width: 0.2, height: 0.3 };
    const points = {
      rightEye: at(0.45, 0.4),
      leftEye: at(0.55, 0.4),
      nose: at(0.5, 0.46),
      mouthRight: at(0.46, 0.52),
      mouthLeft: at(0.54, 0.52),
    };
    const quality = { overall: 1, size: 1, sharpness: 1, pose: 1 };
    return {
      version: 1,
      width,
      height,
      facts: ['matte', 'objects', 'faces', 'subjects', 'possible-faces'],
      matte: { matte, provenance },
      objects: { objects: [], provenance },
      possibleFaces: { places: [], provenance },
      faces: { faces: [{ id: 'face-1', box, score: 1, points, rollDegrees: 0, quality }], provenance },
      subjects: {
        subjects: [
          {
            id: 'person-1',
            kind: 'person',
            label: 'person',
            score: 1,
            box: region.box,
            anchor: at(0.5, 0.5),
            matte: region,
            faceIds: ['face-1'],
          },
        ],
        provenance,
      },
    };
  }

  it('does not wait for threads that are busy elsewhere', async () => {
    const slow = { kind: 'refine-matte', picture: picture(700, 500), matte: disc(64) } as const;
    const small = { kind: 'png', image: disc(16) } as const;
    const results = await Promise.all([
      runPlanParallel(pool, slow),
      ...Array.from({ length: 12 }, () => runPlanParallel(pool, small)),
    ]);
    expect(results).toHaveLength(13);
  });

  it('reports progress that grows to 1', async () => {
    const seen: number[] = [];
    const spec = { kind: 'refine-matte', picture: picture(64, 64), matte: disc(32) } as const;
    await runPlanParallel(pool, spec, { onProgress: (done) => seen.push(done) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((done) => done > 0 && done <= 1)).toBe(true);
  });

  it('rejects at once when cancelled, and the threads take the next plan', async () => {
    const abort = new AbortController();
    const spec = { kind: 'refine-matte', picture: picture(1600, 1200), matte: disc(64) } as const;
    const running = runPlanParallel(pool, spec, { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    const bands = await runPlanParallel(pool, { kind: 'png', image: disc(16) });
    expect(bands.width).toBe(16);
  });

  it('passes on what goes wrong inside', async () => {
    const spec = {
      kind: 'recipe',
      picture: picture(8, 8),
      scene: sceneOf(8, 8),
      steps: [{ effect: 'embroider', params: {}, assets: {}, opacity: 1, selection: NOBODY }],
      pictures: {},
    } as const;
    await expect(runPlanParallel(pool, spec)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
