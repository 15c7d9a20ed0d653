import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropAlpha, expandRgb } from './expand-rgb.ts';

test('each pixel keeps its colours and becomes opaque, wherever its bytes lie', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), fc.nat(5), (bytes, offset) => {
      const length = bytes.length - (bytes.length % 3);
      const rgb = new Uint8Array(new ArrayBuffer(length + offset), offset);
      rgb.set(bytes.subarray(0, length));
      const rgba = new Uint8Array(new SharedArrayBuffer((length / 3) * 4));
      expandRgb(rgb, rgba);
      const expected = Array.from({ length: length / 3 }, (_, i) => [...rgb.subarray(i * 3, i * 3 + 3), 255]).flat();
      expect(Array.from(rgba)).toEqual(expected);
    }),
  );
});

test('colours without their alpha are those that were there, wherever the bytes lie', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), fc.nat(5), (bytes, offset) => {
      const length = bytes.length - (bytes.length % 4);
      const rgba = new Uint8Array(new SharedArrayBuffer(length + offset), offset);
      rgba.set(bytes.subarray(0, length));
      const expected = Array.from({ length: length / 4 }, (_, i) => [...bytes.subarray(i * 4, i * 4 + 3)]).flat();
      expect(Array.from(dropAlpha(rgba))).toEqual(expected);
    }),
  );
});
