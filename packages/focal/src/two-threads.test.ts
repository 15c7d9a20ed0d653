import { createPicture, type Fact, type Scene } from '@focal/core';
import type { InferenceJobs, WorkerPool } from '@focal/node';
import { expect, test } from 'vitest';
import { analyseOnTwoThreads, suitsTwoThreads, type TwoThreads } from './two-threads.ts';

type Input = InferenceJobs['analyse']['input'];
type Output = InferenceJobs['analyse']['output'];

/** A pool whose answers come when the test gives them. */
function createFakePool() {
  const calls: { readonly input: Input; readonly answer: () => void; readonly fail: (error: Error) => void }[] = [];
  const run = async (_: string, input: Input): Promise<Output> =>
    new Promise((resolve, reject) => {
      const facts = [...(input.known?.facts ?? []), ...input.facts];
      const scene: Scene = { version: 1, width: 1, height: 1, facts, ...input.known };
      const evidence = input.upcoming?.includes('saliency') === true && { evidence: EVIDENCE };
      calls.push({
        input,
        answer: () => resolve({ scene: { ...scene, facts }, device: 'cpu', ...evidence }),
        fail: reject,
      });
    });
  return { calls, pool: { run } as unknown as WorkerPool<InferenceJobs> };
}

const EVIDENCE = { map: { width: 1, height: 1, data: new Uint8Array(1) }, classes: [], vocabulary: 'coco' } as const;
const EVERYTHING: readonly Fact[] = ['matte', 'objects', 'faces', 'expressions', 'identities', 'subjects', 'saliency'];

function start(missing: readonly Fact[]) {
  const [main, side] = [createFakePool(), createFakePool()];
  const options: TwoThreads = {
    main: main.pool,
    side: side.pool,
    job: { picture: createPicture(1, 1) },
    missing,
    known: undefined,
    signal: undefined,
    onProgress: () => undefined,
  };
  const result = analyseOnTwoThreads(options);
  return { main: main.calls, side: side.calls, result };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test('faces are told more of before the look at the whole is over, and people wait for both', async () => {
  const { main, side, result } = start(EVERYTHING);
  expect(main.map(({ input }) => input.facts)).toEqual([['matte', 'objects']]);
  expect(side.map(({ input }) => input.facts)).toEqual([['faces']]);
  side[0]?.answer();
  await settle();
  expect(side[1]?.input).toMatchObject({ facts: ['expressions', 'identities'], upcoming: ['saliency'] });
  expect(main).toHaveLength(1);
  main[0]?.answer();
  await settle();
  expect(main[1]?.input.facts).toEqual(['subjects']);
  expect(main[1]?.input.known?.facts).toEqual(['matte', 'objects', 'faces']);
  main[1]?.answer();
  side[1]?.answer();
  await settle();
  // What the saliency rests on is there by now, so its model does not run again.
  expect(main[2]?.input).toMatchObject({ facts: ['saliency'], evidence: EVIDENCE });
  main[2]?.answer();
  expect([...(await result).scene.facts].sort()).toEqual([...EVERYTHING].sort());
});

test('what nobody asked for is not looked for', async () => {
  const { main, side, result } = start(['matte', 'faces']);
  main[0]?.answer();
  side[0]?.answer();
  expect((await result).scene.facts).toEqual(['matte', 'faces']);
  expect([main.length, side.length]).toEqual([1, 1]);
});

test('what goes wrong on either thread is told, whatever comes of the other', async () => {
  for (const thread of ['main', 'side'] as const) {
    const started = start(EVERYTHING);
    started[thread][0]?.fail(new Error('broken'));
    await expect(started.result).rejects.toThrow('broken');
    started[thread === 'main' ? 'side' : 'main'][0]?.fail(new Error('broken too'));
    await settle();
  }
});

test('one thread does what would leave the other nothing to do', () => {
  expect(suitsTwoThreads(['matte', 'objects'])).toBe(false);
  expect(suitsTwoThreads(['faces', 'expressions'])).toBe(false);
  expect(suitsTwoThreads(['matte', 'faces'])).toBe(true);
});
