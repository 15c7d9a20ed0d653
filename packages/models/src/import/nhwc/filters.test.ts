import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFloats, toOihw } from './filters.ts';

const anyFilter = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 37 }))
  .chain(([positions, channels, out]) => {
    const count = positions * channels * out;
    return fc.record({
      size: fc.constant([positions, channels, out] as const),
      codes: fc.uint8Array({ minLength: count, maxLength: count }),
      table: fc.float32Array({ minLength: 256, maxLength: 256, noNaN: true, noDefaultInfinity: true, max: 1e9 }),
      scale: fc.float32Array({ minLength: out, maxLength: out, noNaN: true, min: -100, max: 100 }),
    });
  });

test('each number of a filter goes to its place in the order of ONNX, scaled, coded or not', () => {
  fc.assert(
    fc.property(anyFilter, ({ size, codes, table, scale }) => {
      const [positions, channels, out] = size;
      const moved = toOihw({ codes, table }, size, scale);
      for (let i = 0; i < codes.length; i++) {
        const [position, channel, each] = [Math.floor(i / (channels * out)), Math.floor(i / out) % channels, i % out];
        const expected = Math.fround((table[codes[i] as number] as number) * (scale[each] as number));
        expect(moved[(each * channels + channel) * positions + position]).toBe(expected);
      }
      expect(toOihw(toFloats({ codes, table }), size, scale)).toEqual(moved);
    }),
  );
});
