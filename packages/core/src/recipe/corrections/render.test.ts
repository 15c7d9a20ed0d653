import { describe, expect, it } from 'vitest';
import { runPlan } from '../../async/plan.ts';
import { drawFlat, pixelAt } from '../../effects/fixtures/edited.ts';
import { planCutAlong } from '../../matte/cut.ts';
import { planRefineMatte } from '../../matte/refine.ts';
import { createMatte } from '../../picture/matte.ts';
import { allocateLocal, type Picture } from '../../picture/picture.ts';
import type { Scene, Subject } from '../../scene/scene.ts';
import { parseRecipe } from '../recipe.ts';
import { type KeptWork, planInverseMatte, planRecipe } from '../render.ts';
import { type ResolveOptions, resolveRecipe } from '../resolve.ts';
import { selectionKey } from '../runs.ts';
import type { CorrectionInput } from './edits.ts';
import { planCorrections } from './plan.ts';

const [WIDTH, HEIGHT] = [160, 120];
const { picture } = drawFlat(WIDTH, HEIGHT, [200, 40, 30], [20, 60, 180]);
const provenance = { models: [] };
const box = { x: 0.75, y: 0.3, width: 0.25, height: 0.4 };
const ball: Subject = {
  id: 'ball-1',
  kind: 'object',
  label: 'ball',
  score: 1,
  box,
  anchor: { x: 0.875, y: 0.5 },
  matte: { box, matte: createMatte(8, 8, { data: new Uint8Array(64).fill(255) }) },
  faceIds: [],
};
/** The disc in the middle is found but for its right half, and a thing at the right border is known. */
const half = createMatte(64, 48);
for (let i = 0; i < half.data.length; i++) {
  const [x, y] = [i % 64, Math.floor(i / 64)];
  half.data[i] = x < 32 && (x + 0.5 - 32) ** 2 + (y + 0.5 - 24) ** 2 < 144 ? 255 : 0;
}
const scene: Scene = {
  version: 1,
  width: WIDTH,
  height: HEIGHT,
  facts: ['matte', 'subjects'],
  matte: { matte: half, provenance },
  subjects: { subjects: [ball], provenance },
};

const resolve = (steps: readonly unknown[], corrections: readonly CorrectionInput[], options: ResolveOptions = {}) =>
  resolveRecipe(
    parseRecipe({ format: 'focal-recipe', version: 1, look: { steps }, edits: { corrections } }),
    picture,
    scene,
    options,
  );
const render = (steps: readonly unknown[], corrections: readonly CorrectionInput[], kept: KeptWork = {}): Picture => {
  const resolved = resolve(steps, corrections).steps;
  return runPlan(planRecipe({ picture, scene, steps: resolved, pictures: {}, allocate: allocateLocal, kept }));
};

const CUTOUT = [{ effect: 'cutout' }];
/** Over the right half of the disc. */
const PAINT: CorrectionInput = {
  kind: 'stroke',
  mode: 'add',
  radius: 0.1,
  points: [
    { x: 0.56, y: 0.42 },
    { x: 0.56, y: 0.58 },
  ],
};

describe('a recipe with corrections', () => {
  it('shows what was painted, which is missing without', () => {
    const [x, y] = [90, 60];
    expect(pixelAt(render(CUTOUT, []), x, y)[3]).toBe(0);
    expect(pixelAt(render(CUTOUT, [PAINT]), x, y)).toEqual([200, 40, 30, 255]);
    // What was found stays, and the rest stays away.
    expect(pixelAt(render(CUTOUT, [PAINT]), 65, 60)[3]).toBe(255);
    expect(pixelAt(render(CUTOUT, [PAINT]), 140, 60)[3]).toBe(0);
  });

  it('takes away what was painted over', () => {
    expect(pixelAt(render(CUTOUT, [{ ...PAINT, mode: 'remove', points: [{ x: 0.4, y: 0.5 }] }]), 64, 60)[3]).toBe(0);
  });

  it('corrects the background with the subject, whichever of both was named', () => {
    const steps = [{ effect: 'mono', on: 'background' }];
    const painted = render(steps, [PAINT]);
    expect(pixelAt(painted, 90, 60)).toEqual([200, 40, 30, 255]);
    expect(new Set(pixelAt(render(steps, []), 90, 60).slice(0, 3)).size).toBe(1);
    const away: CorrectionInput = { ...PAINT, mode: 'remove', on: 'background' };
    expect(render(steps, [away]).data).toEqual(painted.data);
    expect(render(CUTOUT, [away]).data).toEqual(render(CUTOUT, [PAINT]).data);
  });

  it('leaves steps alone that select others, and what selects all', () => {
    for (const on of ['things', 'everything', 'ball-1']) {
      const steps = [{ effect: 'mono', on }];
      expect(render(steps, [PAINT]).data).toEqual(render(steps, []).data);
    }
  });

  it('adds and takes away what is picked', () => {
    const pick = (mode: 'add' | 'remove', on = 'main'): CorrectionInput => ({ kind: 'pick', mode, on, x: 0.9, y: 0.5 });
    expect(pixelAt(render(CUTOUT, []), 150, 60)[3]).toBe(0);
    const added = render(CUTOUT, [pick('add')]);
    expect(pixelAt(added, 150, 60)[3]).toBe(255);
    expect(pixelAt(added, 65, 60)[3]).toBe(255);
    expect(pixelAt(added, 100, 10)[3]).toBe(0);
    expect(render(CUTOUT, [pick('add'), pick('remove')]).data).toEqual(render(CUTOUT, []).data);
  });

  it('says where nothing can be picked, and leaves that out when lenient', () => {
    const nothing: CorrectionInput = { kind: 'pick', mode: 'add', x: 0.02, y: 0.02 };
    expect(() => resolve(CUTOUT, [nothing])).toThrow('There is nothing to add at 0.02, 0.02.');
    const { steps, warnings } = resolve(CUTOUT, [nothing, PAINT], { lenient: true });
    expect(warnings).toEqual(['There is nothing to add at 0.02, 0.02. The correction was left out.']);
    expect(steps[0]?.selection.corrected?.corrections).toHaveLength(1);
  });

  it('has keys of its own for what is kept, and gives the same bytes from that', () => {
    const steps = [...CUTOUT, { effect: 'mono', on: 'background' }];
    const keys = [[], [PAINT], [PAINT, PAINT], [{ ...PAINT, radius: 0.11 }]].map((list) =>
      resolve(steps, list).steps.map(({ selection }) => selectionKey(selection)),
    );
    expect(new Set(keys.flat()).size).toBe(8);
    const [first, second] = resolve(steps, [PAINT]).steps;
    const refined = runPlan(planRefineMatte(picture, half, allocateLocal));
    const list = first?.selection.corrected?.corrections ?? [];
    const alpha = runPlan(planCorrections(picture, refined, list, allocateLocal));
    const kept: KeptWork = {
      alphas: {
        [selectionKey(first?.selection as never)]: alpha,
        [selectionKey(second?.selection as never)]: runPlan(planInverseMatte(alpha, allocateLocal)),
      },
      cuts: { [selectionKey(first?.selection as never)]: runPlan(planCutAlong(picture, alpha, allocateLocal)) },
    };
    expect(render(steps, [PAINT], kept).data).toEqual(render(steps, [PAINT]).data);
    // An alpha that is kept without corrections is not taken for a corrected one.
    expect(render(steps, [PAINT], { alphas: { main: createMatte(WIDTH, HEIGHT) } }).data).not.toEqual(
      render(steps, []).data,
    );
  });

  it('crops to what was painted too', () => {
    const steps = [{ effect: 'reframe', params: { aspect: 'free', margin: 0 } }];
    expect(render(steps, [PAINT]).width).toBeGreaterThan(render(steps, []).width * 1.3);
  });

  it('hides the same people, whatever was corrected', () => {
    const faces = { ...scene, facts: ['matte', 'subjects', 'faces', 'possible-faces'] } as Scene;
    const recipe = parseRecipe({
      format: 'focal-recipe',
      version: 1,
      look: { steps: [{ effect: 'anonymize', on: 'main' }] },
      edits: { corrections: [PAINT] },
    });
    expect(resolveRecipe(recipe, picture, faces).steps[0]?.selection.corrected).toBeUndefined();
  });
});
