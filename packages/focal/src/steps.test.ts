import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Fact, Picture } from '@focal/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.ts';
import { analyseStep, decodeStep } from './steps.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const LOOKS = new Set(['analyse'] as const);
const FACTS: readonly Fact[] = ['objects', 'faces'];

let home = '';
let engine: Engine;
let pictures: readonly Picture[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'focal-steps-'));
  engine = createEngine({ home, device: 'cpu', threads: 2, profile: 'fast' });
  const decoded = ['sample1.jpg', 'sample2.jpg'].map((name) => decodeStep(engine, join(PHOTOS, name), {}));
  pictures = (await Promise.all(decoded)).map(({ picture }) => picture);
});
afterAll(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

/** What each of the two threads has to do, once that is so much together. */
async function untilBusy(together: number): Promise<readonly number[]> {
  for (;;) {
    const loads = [engine.inference(), engine.sideInference()].map((thread) => thread?.count(LOOKS) ?? 0);
    if (loads.reduce((sum, load) => sum + load) === together) return loads;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe('analyseStep', () => {
  it('looks at one picture with two threads, and at two with a thread each, and finds the same', async () => {
    const alone = [];
    for (const picture of pictures) {
      const analysing = analyseStep(engine, picture, FACTS, {});
      expect(await untilBusy(2)).toEqual([1, 1]);
      alone.push(await analysing);
      expect(engine.isInferenceIdle()).toBe(true);
    }
    const long = engine.inference().run('analyse', { picture: pictures[0] as Picture, facts: ['matte'] });
    const both = pictures.map((picture) => analyseStep(engine, picture, FACTS, {}));
    expect(await untilBusy(3)).toEqual([2, 1]);
    await long;
    expect(await Promise.all(both)).toEqual(alone);
    expect(alone.map(({ scene }) => scene.faces?.faces.length)).not.toContain(0);
  });
});
