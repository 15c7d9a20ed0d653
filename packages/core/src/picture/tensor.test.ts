import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPicture } from './picture.ts';
import { resizePicture } from './resize.ts';
import { toTensor } from './tensor.ts';

const side = fc.integer({ min: 1, max: 19 });

function gradient(width: number, height: number) {
  const picture = createPicture(width, height);
  for (let i = 0; i < width * height; i++)
    picture.data.set([(i * 7) % 256, (i * 13) % 256, (i * 29) % 256, 255], i * 4);
  return picture;
}

test('a stretched tensor holds the resized bytes, normalised, in either layout', () => {
  fc.assert(
    fc.property(side, side, side, side, (w, h, w2, h2) => {
      const picture = gradient(w, h);
      const expected = resizePicture(picture, w2, h2, { filter: 'area' }).data;
      const mean = [10, 20, 30] as const;
      const scale = [1, 0.5, 2] as const;
      for (const layout of ['nhwc', 'nchw'] as const) {
        const { data, content } = toTensor(picture, w2, h2, { fit: 'stretch', layout, mean, scale });
        expect(content).toEqual({ x: 0, y: 0, width: w2, height: h2 });
        for (let i = 0; i < w2 * h2; i++) {
          for (let c = 0; c < 3; c++) {
            const value = data[layout === 'nhwc' ? i * 3 + c : c * w2 * h2 + i] as number;
            const byte = value / (scale[c] as number) + (mean[c] as number);
            expect(Math.abs(byte - (expected[i * 4 + c] as number))).toBeLessThan(0.51);
          }
        }
      }
    }),
  );
});

test('a letterbox keeps the aspect ratio within a pixel, centred, and pads the rest', () => {
  fc.assert(
    fc.property(side, side, fc.integer({ min: 4, max: 32 }), (w, h, size) => {
      const picture = createPicture(w, h, { data: new Uint8Array(w * h * 4).fill(255) });
      const { data, content } = toTensor(picture, size, size, { fit: 'letterbox', layout: 'nchw', pad: 51 });
      expect(Math.max(content.width, content.height)).toBe(size);
      expect(Math.abs(content.width * h - content.height * w)).toBeLessThanOrEqual(Math.max(w, h, size * 0.5 + 0.5));
      expect(Math.abs(size - content.width - 2 * content.x)).toBeLessThanOrEqual(1);
      expect(Math.abs(size - content.height - 2 * content.y)).toBeLessThanOrEqual(1);
      for (let i = 0; i < size * size; i++) {
        const x = (i % size) - content.x;
        const y = Math.floor(i / size) - content.y;
        const inside = x >= 0 && y >= 0 && x < content.width && y < content.height;
        expect(data[i]).toBeCloseTo(inside ? 1 : 0.2, 6);
      }
    }),
  );
});

test('fine stripes come out grey, not aliased', () => {
  const picture = createPicture(1024, 4);
  for (let x = 0; x < 4096; x++) picture.data.set(x % 2 === 0 ? [255, 255, 255, 255] : [0, 0, 0, 255], x * 4);
  const { data } = toTensor(picture, 100, 2, { fit: 'stretch', layout: 'nchw' });
  for (const value of data) expect(Math.abs(value - 0.5)).toBeLessThan(0.05);
});

test('what is transparent shows the colour under it', () => {
  const picture = createPicture(2, 1, { data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 255) });
  const { data } = toTensor(picture, 2, 1, { fit: 'stretch', layout: 'nhwc', under: 51 });
  expect([...data].map((value) => Math.round(value * 10) / 10)).toEqual([0.2, 0.2, 0.2, 1, 0, 0]);
});

test('a given array is filled and returned', () => {
  const into = new Float32Array(12).fill(9);
  const { data } = toTensor(gradient(5, 3), 2, 2, { fit: 'stretch', layout: 'nhwc', into });
  expect(data).toBe(into);
  expect(into.every((value) => value >= 0 && value <= 1)).toBe(true);
});

test('a picture of the right size is taken as it is, or blurred by the filter that blurs', () => {
  const picture = createPicture(2, 2);
  picture.data.set([255, 0, 10, 255, 0, 255, 20, 255, 9, 8, 7, 51, 0, 0, 0, 0]);
  const scale = [1, 1, 1] as const;
  const take = (filter: 'area' | 'mitchell') =>
    Array.from(toTensor(picture, 2, 2, { fit: 'stretch', layout: 'nhwc', scale, under: 100, filter }).data, Math.round);
  expect(take('area')).toEqual([255, 0, 10, 0, 255, 20, 82, 82, 81, 100, 100, 100]);
  expect(take('mitchell')).not.toEqual(take('area'));
});
