import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { drawSubject } from '../effects/fixtures/edited.ts';
import { type Allocate, allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import type { Scene } from '../scene/scene.ts';
import { createRecipe, type RecipeStep } from './recipe.ts';
import { planRecipe, type RecipeInput } from './render.ts';
import { resolveRecipe } from './resolve.ts';
import { parseSelector } from './selector.ts';

type Steps = readonly (Partial<RecipeStep> & { readonly effect: string })[];

function inputOf(
  width: number,
  height: number,
  seed: number,
  steps: Steps,
  allocate: Allocate = allocateLocal,
): RecipeInput {
  const { picture, alpha } = drawSubject(width, height, seed);
  const scene: Scene = {
    version: 1,
    width,
    height,
    facts: ['matte'],
    matte: { matte: alpha, provenance: { models: [] } },
  };
  const { steps: resolved } = resolveRecipe(createRecipe(steps), picture, scene);
  const asset = createPicture(5, 4);
  for (let i = 0; i < 20; i++) asset.data.set([i * 12, 90, 200 - i * 9, 255], i * 4);
  return { picture, scene, steps: resolved, pictures: { beach: asset }, allocate };
}

const render = (input: RecipeInput): Picture => runPlan(planRecipe(input));

const step = fc.constantFrom<Steps[number]>(
  { effect: 'tone', params: { detail: 0 } },
  { effect: 'tone' },
  { effect: 'mono', opacity: 0.5 },
  { effect: 'background', params: { kind: 'pattern', pattern: 'mesh' } },
  { effect: 'background', params: { kind: 'blur' }, opacity: 0.7 },
  { effect: 'background', params: { kind: 'picture' }, assets: { background: 'beach' } },
  { effect: 'outline', params: { width: 0.05 } },
  { effect: 'glow' },
  { effect: 'shadow' },
  { effect: 'frame' },
  { effect: 'bokeh', params: { radius: 0.03 }, opacity: 0.4 },
  { effect: 'cutout' },
  { effect: 'reframe' },
  { effect: 'mono', on: parseSelector('everything'), params: { style: 'sepia' } },
);
const steps = fc.array(step, { maxLength: 5 });
const size = fc.integer({ min: 1, max: 40 });

describe('planRecipe', () => {
  it('never changes the picture it is given, and gives that where there are no steps', () => {
    fc.assert(
      fc.property(size, size, fc.nat(50), steps, (width, height, seed, list) => {
        const input = inputOf(width, height, seed, list);
        const before = Uint8Array.from(input.picture.data);
        const result = render(input);
        expect(input.picture.data).toEqual(before);
        expect(list.length > 0 || result.data === input.picture.data).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes from two threads that share the rows of the same memory', () => {
    fc.assert(
      fc.property(
        size,
        size,
        fc.nat(50),
        steps,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (width, height, seed, list, part) => {
          const whole = render(inputOf(width, height, seed, list));
          const buffers: ArrayBufferLike[] = [];
          const first = planRecipe(
            inputOf(width, height, seed, list, (bytes) => {
              const buffer = new ArrayBuffer(bytes);
              buffers.push(buffer);
              return buffer;
            }),
          );
          let next = 0;
          const second = planRecipe(
            inputOf(width, height, seed, list, (bytes) => {
              const buffer = buffers[next++];
              if (buffer?.byteLength !== bytes) throw new Error('The second thread asked for other memory.');
              return buffer;
            }),
          );
          expect(second.passes.map(({ name, rows }) => [name, rows])).toEqual(
            first.passes.map(({ name, rows }) => [name, rows]),
          );
          for (const [index, pass] of first.passes.entries()) {
            const cut = Math.round(pass.rows * part);
            second.passes[index]?.run(cut, pass.rows);
            pass.run(0, cut);
          }
          expect(first.result.data).toEqual(whole.data);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps as much of a change as its opacity says', () => {
    for (const effect of ['mono', 'cutout']) {
      const on = parseSelector(effect === 'mono' ? 'everything' : 'main');
      const params = effect === 'cutout' ? { background: 'color', color: '#ffffff' } : {};
      const at = (opacity: number) => render(inputOf(30, 20, 3, [{ effect, on, params, opacity }])).data;
      const [none, half, all] = [at(0), at(0.5), at(1)];
      expect(none).toEqual(inputOf(30, 20, 3, []).picture.data);
      expect(all).not.toEqual(none);
      const off = half.map((value, i) => Math.abs(value - ((none[i] ?? 0) + (all[i] ?? 0)) / 2));
      expect(Math.max(...off)).toBeLessThanOrEqual(2);
    }
  });

  it('runs steps in their order: what is drawn first is below', () => {
    const glow = { effect: 'glow', params: { color: '#ff0000', strength: 1, blend: 'paint' } };
    const grey = { effect: 'mono', on: parseSelector('background') };
    const colors = (list: Steps) => {
      const { data } = render(inputOf(40, 30, 2, list));
      return Array.from({ length: 1200 }, (_, i) => Math.abs((data[i * 4] ?? 0) - (data[i * 4 + 1] ?? 0))).filter(
        (far) => far > 100,
      ).length;
    };
    expect(colors([grey, glow])).toBeGreaterThan(colors([glow, grey]) + 50);
  });

  it('rounds once: steps one after another lose nothing to bytes between', () => {
    const darker = { effect: 'tone', params: { exposure: -3, contrast: 0, saturation: 0, detail: 0 } };
    const lighter = { effect: 'tone', params: { exposure: 3, contrast: 0, saturation: 0, detail: 0 } };
    const together = render(inputOf(40, 30, 2, [darker, lighter]));
    const once = render(inputOf(40, 30, 2, [darker]));
    const apart = render({ ...inputOf(40, 30, 2, [lighter]), picture: once });
    const reds = (of: Picture) => new Set(of.data.filter((_, i) => i % 4 === 0)).size;
    expect(reds(together)).toBeGreaterThan(reds(apart) + 30);
  });

  it('asks for a picture that was not given', () => {
    const input = inputOf(8, 8, 1, [
      { effect: 'background', params: { kind: 'picture' }, assets: { background: 'moon' } },
    ]);
    expect(() => planRecipe(input)).toThrow('background uses a picture called moon, which was not given.');
  });
});
