import {
  allocateLocal,
  createMatte,
  createPicture,
  createRecipe,
  type Picture,
  planRecipe,
  resolveRecipe,
  runPlan,
  type Scene,
} from '@focal/core';
import { describe, expect, it } from 'vitest';
import { createPlanRunner, type PlanRunner } from '../threads/plan-runner.ts';
import { type KeptRuns, runRecipe } from './kept-runs.ts';

type Steps = Parameters<typeof createRecipe>[0];

const [WIDTH, HEIGHT] = [97, 61];

function drawPicture(alphaAt: (x: number) => number = () => 255): Picture {
  const picture = createPicture(WIDTH, HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const isInside = (x - 45) ** 2 + (y - 30) ** 2 < 400;
    picture.data.set([isInside ? 200 - y : x * 2, isInside ? 120 : y * 3, (x * y) % 256, alphaAt(x)], i * 4);
  }
  return picture;
}

function drawScene(): Scene {
  const matte = createMatte(64, 64);
  for (let i = 0; i < matte.data.length; i++) {
    matte.data[i] = ((i % 64) - 30) ** 2 + (Math.floor(i / 64) - 31) ** 2 < 240 ? 255 : 0;
  }
  return { version: 1, width: WIDTH, height: HEIGHT, facts: ['matte'], matte: { matte, provenance: { models: [] } } };
}

/** Runs that tell what they do. */
function createLoggedRunner(): PlanRunner & { readonly log: string[] } {
  const runner = createPlanRunner({ helpers: 0, createHelper: () => expect.fail('There is nobody to help.') });
  const log: string[] = [];
  return {
    ...runner,
    log,
    run(job, options) {
      log.push(job.kind === 'step' ? `step ${job.name}` : job.kind);
      return runner.run(job, options);
    },
  };
}

const LOOK = (exposure: number, more: Steps = []): Steps => [
  { effect: 'tone', params: { exposure } },
  ...more,
  { effect: 'bokeh', params: { radius: 0.03 } },
  { effect: 'mono' },
  { effect: 'shadow' },
  { effect: 'glow' },
  { effect: 'outline' },
  { effect: 'frame', params: { width: 0.1 } },
];

const scene = drawScene();

async function compare(picture: Picture, looks: readonly Steps[]): Promise<readonly string[]> {
  const runner = createLoggedRunner();
  const kept: KeptRuns = new Map();
  for (const look of looks) {
    const { steps } = resolveRecipe(createRecipe(look), picture, scene);
    const whole = runPlan(planRecipe({ picture, scene, steps, pictures: {}, allocate: allocateLocal }));
    expect(whole.data).not.toEqual(picture.data);
    runner.log.length = 0;
    const result = await runRecipe({ picture, scene, steps, pictures: {} }, kept, runner, {});
    expect(result.data).toEqual(whole.data);
  }
  return runner.log;
}

describe('runs that are kept', () => {
  it('make only what follows from a change: not what the outline of the selected tells', async () => {
    const log = await compare(drawPicture(), [LOOK(0.2), LOOK(0.4)]);
    expect(log).toContain('step background');
    expect(
      log.filter((job) => ['step outline', 'step shade', 'step cast', 'step light', 'alpha'].includes(job)),
    ).toEqual([]);
  });

  it('make the outline anew where the picture may have become see-through before', async () => {
    const cut = (edge: number) => LOOK(0.2, [{ effect: 'cutout', params: { edge } }, { effect: 'glow' }]);
    expect(await compare(drawPicture(), [cut(0), cut(0.5)])).toContain('step outline');
  });

  it('make it anew in a picture that is see-through itself', async () => {
    const picture = drawPicture((x) => (x < 30 ? 0 : x < 60 ? 128 : 255));
    expect(await compare(picture, [LOOK(0.2), LOOK(0.4)])).toContain('step outline');
  });

  it('make it anew for other parameters of its own', async () => {
    const wide = (width: number): Steps => [{ effect: 'glow', params: { width } }];
    expect(await compare(drawPicture(), [wide(0.05), wide(0.1)])).toContain('step light');
  });
});
