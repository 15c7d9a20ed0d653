import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { planCutAlong } from '../matte/cut.ts';
import { planRefineMatte } from '../matte/refine.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import type { Scene } from '../scene/scene.ts';
import { createRecipe } from './recipe.ts';
import { type KeptWork, planInverseMatte, planRecipe, planRecipeStep, recipeRuns, selectionKey } from './render.ts';
import { type ResolvedStep, resolveRecipe } from './resolve.ts';

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
  { effect: 'mono', opacity: 0.6 },
  { effect: 'bokeh', params: { radius: 0.04 } },
  { effect: 'mono', on: { role: 'main' } as const, params: { style: 'sepia' } },
  { effect: 'cutout', params: { background: 'color', edge: 0.2 }, opacity: 0.8 },
];

describe('the runs of a recipe', () => {
  const picture = drawPicture();
  const scene = drawScene();
  const { steps } = resolveRecipe(createRecipe(STEPS), picture, scene);

  it('join shaders that follow each other, and leave every other effect by itself', () => {
    expect(recipeRuns(steps).map((run) => run.steps.map(({ effect }) => effect))).toEqual([
      ['tone', 'mono'],
      ['bokeh'],
      ['mono'],
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
    for (const run of recipeRuns(steps)) {
      const input = { picture: current, scene, steps: run.steps, pictures: {}, allocate: allocateLocal };
      const [first] = run.steps as readonly [ResolvedStep];
      const key = selectionKey(first.selection);
      let kept: KeptWork = { alphas };
      if (run.steps.length === 1 && alphas[key] !== undefined) {
        kept = { alphas, cuts: { [key]: runPlan(planCutAlong(current, alphas[key], allocateLocal)) } };
      }
      if (first.effect === 'bokeh') {
        const results: Record<string, unknown> = {};
        for (const name of ['outline', 'glare', 'background']) {
          results[name] = runPlan(planRecipeStep({ ...input, kept: { ...kept, steps: [{ ...results }] } }, name));
        }
        kept = { ...kept, steps: [results] };
      }
      current = runPlan(planRecipe({ ...input, kept }));
    }
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
});
