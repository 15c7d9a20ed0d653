import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { drawFlat } from '../effects/fixtures/edited.ts';
import { planCutAlong } from '../matte/cut.ts';
import { planRefineMatte } from '../matte/refine.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import type { Scene } from '../scene/scene.ts';
import { createRecipe } from './recipe.ts';
import { type KeptWork, planInverseMatte, planRecipe, planRecipeRun, planRecipeStep } from './render.ts';
import { resolveRecipe } from './resolve.ts';
import { type HandedCuts, handedCuts, recipeRuns, selectionKey, takesCut } from './runs.ts';

const [WIDTH, HEIGHT] = [97, 61];

function drawPicture(): Picture {
  const picture = createPicture(WIDTH, HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const inside = (x - 45) ** 2 + (y - 30) ** 2 < 400;
    picture.data.set([inside ? 200 - y : x * 2, inside ? 120 : y * 3, (x * y) % 256, 255], i * 4);
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

const STEPS = [
  { effect: 'tone', params: { exposure: 0.6 } },
  { effect: 'background', opacity: 0.8 },
  { effect: 'mono', opacity: 0.6 },
  { effect: 'bokeh', params: { radius: 0.04 } },
  { effect: 'background', params: { kind: 'blur' }, opacity: 0.3 },
  { effect: 'mono', on: { role: 'main' } as const, params: { style: 'sepia' } },
  { effect: 'glow' },
  { effect: 'bokeh', params: { radius: 0.01 } },
  { effect: 'cutout', params: { background: 'color', edge: 0.2 }, opacity: 0.8 },
];

/** Key and fate of each cut that is handed on. */
const fatesOf = ({ same, shaded }: HandedCuts): readonly (readonly [string, 'same' | 'shaded'])[] => [
  ...[...same].map((key) => [key, 'same'] as const),
  ...(shaded === undefined ? [] : [[shaded, 'shaded'] as const]),
];

describe('the runs of a recipe', () => {
  const picture = drawPicture();
  const scene = drawScene();
  const { steps } = resolveRecipe(createRecipe(STEPS), picture, scene);

  it('join shaders that follow each other, and leave every other effect by itself', () => {
    expect(recipeRuns(steps).map((run) => run.steps.map(({ effect }) => effect))).toEqual([
      ['tone', 'background', 'mono'],
      ['bokeh'],
      ['background', 'mono', 'glow'],
      ['bokeh'],
      ['cutout'],
    ]);
  });

  it('give one by one, from what was kept, the bytes of the whole', () => {
    const whole = runPlan(planRecipe({ picture, scene, steps, pictures: {}, allocate: allocateLocal }));
    expect(whole.data).not.toEqual(picture.data);
    const alphas: Record<string, Matte> = {};
    for (const { selection } of steps) {
      if (selection.matte === undefined) continue;
      const alpha = runPlan(planRefineMatte(picture, selection.matte, allocateLocal));
      alphas[selectionKey(selection)] = selection.inverted ? runPlan(planInverseMatte(alpha, allocateLocal)) : alpha;
    }
    let current = picture;
    let handed: Record<string, Picture> = {};
    const runs = recipeRuns(steps);
    const fates = handedCuts(runs);
    for (const [index, run] of runs.entries()) {
      const input = { picture: current, scene, steps: run.steps, pictures: {}, allocate: allocateLocal };
      const cuts = { ...handed };
      for (const { selection } of run.steps.filter(takesCut)) {
        const key = selectionKey(selection);
        cuts[key] ??= runPlan(planCutAlong(current, alphas[key] as Matte, allocateLocal));
      }
      let kept: KeptWork = { alphas, cuts };
      if (run.steps[0]?.effect === 'bokeh') {
        const results: Record<string, unknown> = {};
        for (const name of ['outline', 'glare', 'background']) {
          results[name] = runPlan(planRecipeStep({ ...input, kept: { ...kept, steps: [{ ...results }] } }, name));
        }
        kept = { ...kept, steps: [results] };
      }
      const copies = Object.values(cuts).map(({ data }) => Uint8Array.from(data));
      const { same, shaded } = fates[index] as HandedCuts;
      const result =
        shaded === undefined
          ? { picture: runPlan(planRecipe({ ...input, kept })) }
          : runPlan(planRecipeRun({ ...input, kept }, shaded));
      expect(Object.values(cuts).map(({ data }) => data)).toEqual(copies);
      handed = Object.fromEntries(Object.entries(cuts).filter(([key]) => same.has(key)));
      if (shaded !== undefined && 'cut' in result) handed[shaded] = result.cut;
      current = result.picture;
    }
    expect(fates.map((each) => fatesOf(each).map(([, fate]) => fate))).toEqual([
      ['shaded'],
      ['same'],
      ['shaded'],
      ['same'],
      [],
    ]);
    expect(current.data).toEqual(whole.data);
  });

  it('take the edges of a selection from the picture before the steps, whatever these do to it', () => {
    const seen = (exposure: number) => {
      const recipe = createRecipe([{ effect: 'tone', params: { exposure } }, { effect: 'cutout' }]);
      const resolved = resolveRecipe(recipe, picture, scene).steps;
      const { data } = runPlan(planRecipe({ picture, scene, steps: resolved, pictures: {}, allocate: allocateLocal }));
      return data.filter((_, i) => i % 4 === 3);
    };
    expect(seen(1.5)).toEqual(seen(-1.5));
  });

  it('hand on the selected alone, so that nothing of a background stays at their edges', () => {
    const { picture: flat, alpha } = drawFlat(60, 60, [200, 60, 40], [20, 30, 200]);
    const provenance = { models: [] };
    const known: Scene = { version: 1, width: 60, height: 60, facts: ['matte'], matte: { matte: alpha, provenance } };
    const on = (color: string) => ({ effect: 'background', params: { kind: 'color', color } });
    const render = (list: Parameters<typeof createRecipe>[0]) => {
      const resolved = resolveRecipe(createRecipe(list), flat, known).steps;
      return runPlan(
        planRecipe({ picture: flat, scene: known, steps: resolved, pictures: {}, allocate: allocateLocal }),
      );
    };
    const tone = { effect: 'tone', params: { exposure: 0.7, detail: 0 } };
    const bokeh = { effect: 'bokeh', params: { radius: 0.03 } };
    for (const before of [[], [tone]]) {
      const expected = render([...before, on('#000000')]).data;
      for (const between of [[on('#ffffff')], [on('#ffffff'), bokeh], [on('#ffffff'), bokeh, bokeh]]) {
        const { data } = render([...before, ...between, on('#000000')]);
        expect(Math.max(...data.map((value, i) => Math.abs(value - (expected[i] ?? 0))))).toBeLessThanOrEqual(1);
      }
    }
  });

  it('hand on nothing that a step changed, or that was hidden, or that is of others', () => {
    const fates = (list: Parameters<typeof createRecipe>[0]) =>
      handedCuts(recipeRuns(resolveRecipe(createRecipe(list), picture, scene).steps)).map(fatesOf);
    const [glow, bokeh, frame] = [{ effect: 'glow' }, { effect: 'bokeh' }, { effect: 'frame' }];
    expect(fates([glow, bokeh, glow])).toEqual([[['main', 'same']], [['main', 'same']], []]);
    expect(fates([glow, { effect: 'tone' }, bokeh])).toEqual([[], [], []]);
    expect(fates([glow, frame, bokeh])).toEqual([[], []]);
    expect(fates([glow, bokeh, { ...glow, on: { role: 'background' } as const }])).toEqual([
      [['main', 'same']],
      [],
      [],
    ]);
    expect(fates([bokeh, { effect: 'reframe' }])).toEqual([[], []]);
  });
});
