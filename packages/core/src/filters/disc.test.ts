import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDiscFilter, type DiscSource } from './disc.ts';
import { type ApertureShape, createDiscKernels, type DiscKernels, toKernelIndex } from './disc-kernels.ts';

const shapes: readonly ApertureShape[] = ['disc', 'triangle', 'square', 'pentagon', 'hexagon', 'heptagon', 'octagon'];
const aperture = fc.record({ shape: fc.constantFrom(...shapes), angleDeg: fc.integer({ min: 0, max: 360 }) });

/** A picture of four channels below 2^16 with a kernel index for each pixel. */
const scene = fc
  .record({ width: fc.integer({ min: 1, max: 23 }), height: fc.integer({ min: 1, max: 17 }), aperture })
  .chain(({ width, height, aperture }) => {
    const kernels = createDiscKernels(aperture, 6);
    const area = width * height;
    return fc.record({
      source: fc
        .array(fc.integer({ min: 0, max: 65535 }), { minLength: area * 4, maxLength: area * 4 })
        .map((data): DiscSource => ({ width, height, data: Int32Array.from(data) })),
      kernels: fc.constant(kernels),
      indices: fc
        .array(fc.integer({ min: 0, max: kernels.count }), { minLength: area, maxLength: area })
        .map((list) => Uint16Array.from(list)),
    });
  });

function filterAll(source: DiscSource, kernels: DiscKernels, indices: Uint16Array, simd: boolean): Float32Array {
  const { width, height } = source;
  const filter = createDiscFilter(source, kernels, { simd });
  const result = new Float32Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    result.set(filter.row(y, indices.subarray(y * width, (y + 1) * width)), y * width * 4);
  }
  return result;
}

/** The definition: each pixel times the part of it that a row of the kernel covers, in double precision. */
function filterByDefinition({ width, height, data }: DiscSource, kernels: DiscKernels, indices: Uint16Array): number[] {
  const sums = Array.from(data, () => 0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = indices[y * width + x] ?? 0;
      for (let i = kernels.starts[index] ?? 0; i < (kernels.starts[index + 1] ?? 0); i++) {
        const v = y + (kernels.dy[i] ?? 0);
        if (v < 0 || v >= height) continue;
        const left = x + (kernels.left[i] ?? 0) + (kernels.leftFraction[i] ?? 0);
        const right = x + (kernels.right[i] ?? 0) + (kernels.rightFraction[i] ?? 0);
        for (let u = 0; u < width; u++) {
          const covered = Math.max(0, Math.min(right, u + 1) - Math.max(left, u));
          for (let c = 0; c < 4; c++) {
            const to = (y * width + x) * 4 + c;
            sums[to] = (sums[to] ?? 0) + covered * (data[(v * width + u) * 4 + c] ?? 0);
          }
        }
      }
    }
  }
  return sums;
}

describe('createDiscFilter', () => {
  it('sums what its kernels cover, whichever kernel each pixel has', () => {
    fc.assert(
      fc.property(scene, ({ source, kernels, indices }) => {
        const sums = filterAll(source, kernels, indices, false);
        const expected = filterByDefinition(source, kernels, indices);
        sums.forEach((sum, i) => {
          expect(Math.abs(sum - (expected[i] ?? 0))).toBeLessThanOrEqual(1 + (expected[i] ?? 0) * 1e-5);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same bits with SIMD as the reference', () => {
    fc.assert(
      fc.property(scene, ({ source, kernels, indices }) => {
        expect(filterAll(source, kernels, indices, true)).toEqual(filterAll(source, kernels, indices, false));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bits with SIMD where runs of pixels share a kernel', () => {
    const source = {
      width: 61,
      height: 9,
      data: Int32Array.from({ length: 61 * 9 * 4 }, (_, i) => (i * 7919) % 4000000),
    };
    const kernels = createDiscKernels({ shape: 'pentagon', angleDeg: 20 }, 9);
    const indices = Uint16Array.from({ length: 61 * 9 }, (_, i) => Math.floor((i % 61) / 7) * 8);
    expect(filterAll(source, kernels, indices, true)).toEqual(filterAll(source, kernels, indices, false));
  });

  it('keeps the energy of light that stays inside the picture', () => {
    fc.assert(
      fc.property(aperture, fc.integer({ min: 0, max: 40 }), fc.boolean(), (aperture, index, simd) => {
        const kernels = createDiscKernels(aperture, 5);
        const width = 31;
        const data = new Int32Array(width * width * 4);
        for (let y = 12; y < 19; y++) for (let x = 12; x < 19; x++) data[(y * width + x) * 4 + 1] = 977 * x + 31 * y;
        const sums = filterAll(
          { width, height: width, data },
          kernels,
          new Uint16Array(width * width).fill(index),
          simd,
        );
        const energy = data.reduce((sum, value) => sum + value, 0);
        const spread = sums.reduce((sum, value) => sum + value, 0) / (kernels.areas[index] ?? 0);
        expect(Math.abs(spread / energy - 1)).toBeLessThan(1e-5);
      }),
    );
  });

  it('gives the picture itself for radius 0, and nothing for the kernel without rows', () => {
    fc.assert(
      fc.property(scene, fc.boolean(), ({ source, kernels }, simd) => {
        const area = source.width * source.height;
        expect(Array.from(filterAll(source, kernels, new Uint16Array(area), simd))).toEqual(Array.from(source.data));
        const none = filterAll(source, kernels, new Uint16Array(area).fill(kernels.count), simd);
        expect(none.every((sum) => sum === 0)).toBe(true);
      }),
    );
  });

  it('gives the same rows in whichever order and from whichever row they are asked for', () => {
    fc.assert(
      fc.property(
        scene,
        fc.array(fc.nat(100), { minLength: 1, maxLength: 12 }),
        ({ source, kernels, indices }, order) => {
          const whole = filterAll(source, kernels, indices, true);
          const filter = createDiscFilter(source, kernels);
          const { width, height } = source;
          for (const n of order) {
            const y = n % height;
            const row = filter.row(y, indices.subarray(y * width, (y + 1) * width));
            expect(row).toEqual(whole.subarray(y * width * 4, (y + 1) * width * 4));
          }
        },
      ),
    );
  });

  it('reads pixels that do not begin at the start of their buffer', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 9 }), ({ source, kernels, indices }, words) => {
        const buffer = new Int32Array(source.data.length + words).fill(1 << 20);
        const data = buffer.subarray(words);
        data.set(source.data);
        expect(filterAll({ ...source, data }, kernels, indices, true)).toEqual(
          filterAll(source, kernels, indices, true),
        );
      }),
    );
  });
});

describe('createDiscKernels', () => {
  it('gives every shape the area of the disc of its radius', () => {
    fc.assert(
      fc.property(aperture, fc.integer({ min: 16, max: 160 }), (aperture, index) => {
        const kernels = createDiscKernels(aperture, 20);
        const radius = index / 8;
        const area = kernels.areas[index] ?? 0;
        expect(Math.abs(area / (Math.PI * radius * radius) - 1)).toBeLessThan(0.03);
      }),
    );
  });

  it('keeps the disc within its radius and lets corners reach beyond', () => {
    const reachOf = (shape: ApertureShape) => {
      const kernels = createDiscKernels({ shape, angleDeg: 0 }, 16);
      const index = toKernelIndex(kernels, 16);
      const rows = kernels.dy.subarray(kernels.starts[index], kernels.starts[index + 1]);
      return Math.max(...rows.map(Math.abs));
    };
    expect(reachOf('disc')).toBe(16);
    expect(reachOf('pentagon')).toBeGreaterThan(17);
  });

  it('turns a polygon with the angle', () => {
    const up = createDiscKernels({ shape: 'pentagon', angleDeg: 0 }, 10);
    const turned = createDiscKernels({ shape: 'pentagon', angleDeg: 36 }, 10);
    const whole = createDiscKernels({ shape: 'pentagon', angleDeg: 72 }, 10);
    expect(Array.from(turned.left)).not.toEqual(Array.from(up.left));
    expect(Array.from(whole.left)).toEqual(Array.from(up.left));
  });

  it('clamps radii to the kernels there are', () => {
    const kernels = createDiscKernels({ shape: 'disc', angleDeg: 0 }, 4);
    expect([-1, 0, 2, 4, 99].map((radius) => toKernelIndex(kernels, radius))).toEqual([0, 0, 16, 32, 32]);
  });
});
