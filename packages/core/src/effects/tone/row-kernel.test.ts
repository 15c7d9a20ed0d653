import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runPlan } from '../../async/plan.ts';
import { allocateLocal, createPicture } from '../../picture/picture.ts';
import { createCurve } from './curve.ts';
import { createLocalContrast, planLocalContrast } from './local-contrast.ts';
import { createToneRows, type ToneWork } from './row-kernel.ts';
import { compileToneKernels } from './row-simd.ts';

const darker = createCurve((share) => share * share);
const lighter = createCurve((share) => Math.sqrt(share));

function planLocal(width: number, height: number, seed: number) {
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : Math.imul(i + seed, 2654435761) >>> 24,
  );
  const picture = createPicture(width, height, { data });
  return createLocalContrast(runPlan(planLocalContrast(picture, 0.8, allocateLocal)), picture);
}

it('is made for every engine with SIMD', () => {
  const layout = { curves: [0, 0, 0], gains: 0, own: 0, index: 0, share: 0, alpha: 0, weight: 0, line: 0 } as const;
  expect(
    compileToneKernels(layout, { local: true, grey: true, curves: true, saturation: 2, strength: 0.5 }),
  ).toBeInstanceOf(WebAssembly.Module);
});

it('gives the same bits with SIMD as without, whatever there is to do', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 33 }),
      fc.nat(9999),
      fc.boolean(),
      fc.constantFrom('none', 'one', 'three'),
      fc.constantFrom(0, 1, 1.4),
      fc.constantFrom(0.3, 1),
      fc.boolean(),
      fc.boolean(),
      (width, seed, contrasts, curves, saturation, strength, grey, masked) => {
        const work: ToneWork = {
          local: contrasts ? planLocal(width, 9, seed) : undefined,
          curves: curves === 'none' ? undefined : [darker, curves === 'one' ? darker : lighter, darker],
          saturation,
          strength,
          grey,
        };
        const random = (i: number, salt: number) => Math.imul(i * 31 + salt + seed, 2654435761) >>> 16;
        const row = Float32Array.from({ length: width * 4 }, (_, i) => {
          const value = random(i, 1) / 220 - 20;
          return i % 4 !== 3 || random(i, 2) % 3 === 0 ? value : random(i, 3) % 5 === 0 ? 0 : 255;
        });
        const alpha = Uint8Array.from({ length: width }, (_, i) => [0, 255, random(i, 4) & 255][random(i, 5) % 3] ?? 0);
        const [fast, plain] = [true, false].map((simd) => {
          const line = Float32Array.from(row);
          createToneRows(width, work, { simd })(4, line, masked ? alpha : undefined);
          return [...line];
        });
        expect(fast).toEqual(plain);
      },
    ),
    { numRuns: 150 },
  );
});
