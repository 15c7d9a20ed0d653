import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import { parseParameters } from './describe.ts';
import { drawFlat, drawSubject, edit, editInBands, pixelAt, type Subject } from './fixtures/edited.ts';
import { reframe } from './reframe.ts';

const aspect = fc.constantFrom('free', 'original', '1:1', '4:5', '16:9', '9:16', '3:2');

/** A picture whose pixels tell where they lie, with a subject from 60 to 100 across and 30 to 90 down. */
function drawPlaces(): Subject {
  const picture = createPicture(200, 120);
  const alpha = createMatte(200, 120);
  for (let y = 0, i = 0; y < 120; y++) {
    for (let x = 0; x < 200; x++, i++) {
      picture.data.set([x, y, 7, 255], i * 4);
      alpha.data[i] = x >= 60 && x < 100 && y >= 30 && y < 90 ? 255 : 0;
    }
  }
  return { picture, alpha };
}

const placeOf = (result: Picture) => ({
  x: pixelAt(result, 0, 0)[0],
  y: pixelAt(result, 0, 0)[1],
  width: result.width,
  height: result.height,
});

describe('reframe', () => {
  it('keeps the subject and the margin, and nothing else', () => {
    const places = drawPlaces();
    expect(placeOf(edit(reframe, places, { margin: 0 }))).toEqual({ x: 60, y: 30, width: 40, height: 60 });
    expect(placeOf(edit(reframe, places, { margin: 0.1 }))).toEqual({ x: 54, y: 24, width: 52, height: 72 });
    expect(placeOf(edit(reframe, places, { margin: 1 }))).toEqual({ x: 0, y: 0, width: 160, height: 120 });
  });

  it('takes the shape that is asked for around the subject', () => {
    const square = edit(reframe, drawPlaces(), { aspect: '1:1', margin: 0.1 });
    expect(placeOf(square)).toEqual({ x: 44, y: 24, width: 72, height: 72 });
    const { width, height } = edit(reframe, drawPlaces(), { aspect: '16:9', margin: 0 });
    expect(Math.abs(width / height - 16 / 9)).toBeLessThan(0.03);
  });

  it('is the largest crop of that shape where the subject does not fit', () => {
    const { picture } = drawPlaces();
    const alpha = createMatte(200, 120);
    alpha.data.fill(255);
    const result = edit(reframe, { picture, alpha }, { aspect: '1:1' });
    expect([result.width, result.height]).toEqual([120, 120]);
  });

  it('is not held open by stray specks of a matte', () => {
    const { picture, alpha } = drawPlaces();
    const data = Uint8Array.from(alpha.data);
    data[5 * 200 + 190] = 255;
    expect(placeOf(edit(reframe, { picture, alpha: { ...alpha, data } }, { margin: 0 }))).toEqual({
      x: 60,
      y: 30,
      width: 40,
      height: 60,
    });
  });

  it('leaves a picture without anybody whole, or takes its middle in the shape asked for', () => {
    const { picture } = drawPlaces();
    const nobody = { picture, alpha: createMatte(20, 12) };
    expect(edit(reframe, nobody).data).toEqual(picture.data);
    expect(placeOf(edit(reframe, nobody, { aspect: '1:1' }))).toEqual({ x: 40, y: 0, width: 120, height: 120 });
  });

  it('gives pixels of the original at any size from 1×1, whichever way the rows are shared out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        aspect,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (width, height, shape, margin, band) => {
          const subject = drawSubject(width, height, 4, true);
          const result = edit(reframe, subject, { aspect: shape, margin });
          expect(result.width).toBeLessThanOrEqual(width);
          expect(result.height).toBeLessThanOrEqual(height);
          expect(editInBands(reframe, subject, band, { aspect: shape, margin }).data).toEqual(result.data);
          const original = new Set(new Uint32Array(subject.picture.data.slice().buffer));
          expect(new Uint32Array(result.data.slice().buffer).every((pixel) => original.has(pixel))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('asks for faces only where something may have to be cut', () => {
    const needsOf = (shape: string) => reframe.needsOf?.(parseParameters(reframe, { aspect: shape }));
    expect(needsOf('free')).toEqual(['matte']);
    expect(needsOf('4:5')).toContain('faces');
  });

  it('comes after everything else, and acts on whom is selected', () => {
    expect(reframe.order).toBe('last');
    expect(edit(reframe, drawFlat(40, 30, [1, 2, 3], [4, 5, 6]), { margin: 0 }).width).toBeLessThan(20);
  });
});
