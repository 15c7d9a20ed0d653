import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ditherAt } from '../../filters/dither.ts';
import { createDoubler } from './doubling.ts';

const level = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 7 }) })
  .chain(({ width, height }) => {
    const length = width * height * 4;
    const value = fc.integer({ min: 0, max: 65280 });
    // Half of all cells are whole.
    const share = fc.oneof(fc.constant(256), fc.integer({ min: 0, max: 256 }));
    const cell = fc.tuple(value, value, value, share);
    return fc.record({
      size: fc.constant({ width, height }),
      data: fc
        .array(cell, { minLength: length >> 2, maxLength: length >> 2 })
        .map((cells) => Uint16Array.from(cells.flat())),
      pixels: fc.uint8Array({ minLength: width * 8, maxLength: width * 8 }),
    });
  });

describe('createDoubler', () => {
  it('gives the same numbers with SIMD as the reference', () => {
    fc.assert(
      fc.property(level, ({ size, data, pixels }) => {
        const fast = createDoubler(size);
        const reference = createDoubler(size, { simd: false });
        for (let y = 0; y < size.height * 2; y++) {
          fast.mix(data, y);
          reference.mix(data, y);
          expect(fast.line).toEqual(reference.line);
          expect(fast.double()).toEqual(reference.double());
          expect(fast.draw(pixels, y)).toEqual(reference.draw(pixels, y));
        }
      }),
    );
  });

  it('keeps an even level even and lies between neighbours elsewhere', () => {
    const size = { width: 2, height: 1 };
    const doubler = createDoubler(size);
    doubler.mix(Uint16Array.from([0, 512, 65280, 256, 4096, 512, 65280, 256]), 0);
    const row = doubler.double();
    expect([0, 4, 8, 12].map((i) => row[i])).toEqual([0, 1024, 3072, 4096]);
    expect([1, 5, 9, 13].map((i) => row[i])).toEqual([512, 512, 512, 512]);
    const drawn = doubler.draw(
      Uint8Array.from({ length: 16 }, (_, i) => i),
      0,
    );
    expect([2, 6, 10, 14].map((i) => drawn[i])).toEqual([255, 255, 255, 255]);
    expect([3, 7, 11, 15].map((i) => drawn[i])).toEqual([3, 7, 11, 15]);
  });

  it('lets as much of the pixels through as is left', () => {
    const doubler = createDoubler({ width: 1, height: 1 });
    const shares = fc.integer({ min: 0, max: 256 });
    fc.assert(
      fc.property(
        shares,
        fc.integer({ min: 0, max: 65280 }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (...of) => {
          const [share, value, pixels] = of;
          doubler.mix(Uint16Array.of(value, value, value, share), 0);
          const drawn = doubler.draw(pixels, 0);
          for (const i of [0, 1, 2, 4, 5, 6]) {
            const mixed = (value / 256) * (share / 256) + (pixels[i] as number) * (1 - share / 256);
            expect(drawn[i]).toBe(Math.floor(mixed + ditherAt(i >> 2, 0) / 4096));
          }
        },
      ),
    );
  });

  it('dithers to the right mean over any few pixels', () => {
    const size = { width: 16, height: 16 };
    const doubler = createDoubler(size);
    const level = new Uint16Array(16 * 16 * 4).fill(100 * 256 + 64);
    for (let i = 3; i < level.length; i += 4) level[i] = 256;
    let sum = 0;
    for (let y = 8; y < 16; y++) {
      doubler.mix(level, y);
      const row = doubler.draw(new Uint8Array(128), y);
      for (let x = 8; x < 16; x++) sum += row[x * 4] ?? 0;
    }
    expect(Math.abs(sum / 64 - 100.25)).toBeLessThan(0.05);
    expect(Math.max(...Array.from({ length: 4096 }, (_, i) => ditherAt(i & 63, i >> 6)))).toBeLessThan(4096);
  });
});
