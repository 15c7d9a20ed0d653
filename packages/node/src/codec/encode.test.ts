import { type ColorSpace, createMatte, createPicture, type Picture } from '@focal/core';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from './decode.ts';
import { encodePicture } from './encode.ts';

/** Noise that a codec cannot guess; `alpha` fixed or random too. */
function noise(width: number, height: number, seed: number, alpha?: number, colorSpace: ColorSpace = 'srgb'): Picture {
  const picture = createPicture(width, height, { colorSpace });
  let state = seed >>> 0;
  for (let i = 0; i < picture.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    picture.data[i] = i % 4 === 3 && alpha !== undefined ? alpha : state >>> 24;
  }
  return picture;
}

/** A soft gradient: what lossy codecs keep closely. */
function gradient(width: number, height: number, colorSpace: ColorSpace = 'srgb'): Picture {
  const picture = createPicture(width, height, { colorSpace });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      picture.data.set([(x * 255) / width, (y * 255) / height, 128, 255], (y * width + x) * 4);
    }
  }
  return picture;
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return worst;
}

describe('encodePicture', () => {
  it('writes PNGs that another decoder reads back byte for byte, whatever the size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer(),
        fc.boolean(),
        async (width, height, seed, opaque) => {
          const picture = noise(width, height, seed, opaque ? 255 : undefined);
          const bytes = await encodePicture(picture, { format: 'png' });
          const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
          expect(Buffer.compare(data, Buffer.from(picture.data))).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('joins the bands of a large PNG into one stream', async () => {
    // 3000 rows of 4 KB: a dozen bands.
    const picture = noise(1024, 3000, 7);
    const bytes = await encodePicture(picture, { format: 'png' });
    const data = await sharp(bytes).raw().toBuffer();
    expect(Buffer.compare(data, Buffer.from(picture.data))).toBe(0);
  });

  it('writes opaque pictures as RGB and mattes as grey', async () => {
    expect((await sharp(await encodePicture(noise(9, 9, 1, 255), { format: 'png' })).metadata()).channels).toBe(3);
    expect((await sharp(await encodePicture(noise(9, 9, 1), { format: 'png' })).metadata()).channels).toBe(4);
    const matte = createMatte(5, 3, { data: Uint8Array.from({ length: 15 }, (_, i) => i * 17) });
    const bytes = await encodePicture(matte, { format: 'png' });
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    const grey = await sharp(bytes).toColourspace('b-w').raw().toBuffer();
    expect([...grey]).toEqual([...matte.data]);
  });

  it('reads pictures whose bytes start at an odd offset', async () => {
    const { data } = noise(6, 5, 3);
    const shifted = new Uint8Array(data.length + 3).subarray(3);
    shifted.set(data);
    const bytes = await encodePicture(createPicture(6, 5, { data: shifted }), { format: 'png' });
    expect(Buffer.compare(await sharp(bytes).raw().toBuffer(), Buffer.from(data))).toBe(0);
  });

  it('writes every format so that it decodes to about the same picture', async () => {
    const picture = gradient(64, 48);
    for (const [format, tolerance] of [
      ['png', 0],
      ['tiff', 0],
      ['jpeg', 10],
      ['webp', 14],
      ['avif', 14],
    ] as const) {
      const decoded = await decodePicture(await encodePicture(picture, { format }));
      expect(decoded.format).toBe(format);
      expect({ format, close: furthest(decoded.picture.data, picture.data) <= tolerance }).toEqual({
        format,
        close: true,
      });
    }
  });

  it('tags Display P3 in every format and leaves its numbers alone', async () => {
    const picture = gradient(64, 48, 'display-p3');
    for (const format of ['png', 'tiff', 'jpeg', 'webp', 'avif'] as const) {
      const decoded = await decodePicture(await encodePicture(picture, { format }));
      expect([format, decoded.picture.colorSpace]).toEqual([format, 'display-p3']);
      expect({ format, close: furthest(decoded.picture.data, picture.data) <= 14 }).toEqual({ format, close: true });
    }
  });

  it('keeps transparency in PNG, WebP, AVIF and TIFF, and puts white under it in JPEG', async () => {
    const clear = createPicture(16, 16);
    for (const format of ['png', 'webp', 'avif', 'tiff'] as const) {
      const { picture, hasAlpha } = await decodePicture(await encodePicture(clear, { format }));
      expect([format, hasAlpha, picture.data[3]]).toEqual([format, true, 0]);
    }
    const { picture } = await decodePicture(await encodePicture(clear, { format: 'jpeg' }));
    expect([...picture.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  });

  it('spends fewer bytes on lower quality', async () => {
    const picture = noise(64, 64, 5, 255);
    for (const format of ['jpeg', 'webp', 'avif'] as const) {
      const low = await encodePicture(picture, { format, quality: 20 });
      const high = await encodePicture(picture, { format, quality: 95 });
      expect(low.length).toBeLessThan(high.length);
    }
  });

  it('writes no metadata beside the colour space', async () => {
    for (const format of ['png', 'tiff', 'jpeg', 'webp', 'avif'] as const) {
      const { exif, xmp, icc } = await sharp(await encodePicture(gradient(8, 8), { format })).metadata();
      expect([format, exif, xmp, icc]).toEqual([format, undefined, undefined, undefined]);
    }
  });

  it('refuses sides that the format cannot hold', async () => {
    await expect(encodePicture(createPicture(16384, 1), { format: 'webp' })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'Expected at most 16383 pixels a side for webp, got 16384×1.',
    });
  });
});
