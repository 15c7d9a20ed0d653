import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Picture } from '@focal/core';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from './decode.ts';
import { createDisplayP3Profile } from './icc.ts';

const PHOTO = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
  'sample1.jpg',
);

/** 24×16: top left quarter red, top right green, bottom left blue, bottom right white. */
function quarters(channels: 3 | 4 = 3, alpha = 255): Sharp {
  const data = new Uint8Array(24 * 16 * channels);
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 24; x++) {
      const colour = y < 8 ? (x < 12 ? [255, 0, 0] : [0, 255, 0]) : x < 12 ? [0, 0, 255] : [255, 255, 255];
      data.set(channels === 4 ? [...colour, alpha] : colour, (y * 24 + x) * channels);
    }
  }
  return sharp(data, { raw: { width: 24, height: 16, channels } });
}

function at({ width, height, data }: Picture, x: number, y: number): number[] {
  const offset = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
  return [...data.subarray(offset, offset + 4)];
}

function expectColour(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs((actual[i] ?? Number.NaN) - value), `${actual.join()} for ${expected.join()}`).toBeLessThanOrEqual(
      tolerance,
    );
  }
}

function expectQuarters(picture: Picture, tolerance: number): void {
  expect([picture.width, picture.height]).toEqual([24, 16]);
  expectColour(at(picture, 0.2, 0.2), [255, 0, 0, 255], tolerance);
  expectColour(at(picture, 0.8, 0.2), [0, 255, 0, 255], tolerance);
  expectColour(at(picture, 0.2, 0.8), [0, 0, 255, 255], tolerance);
  expectColour(at(picture, 0.8, 0.8), [255, 255, 255, 255], tolerance);
}

describe('decodePicture', () => {
  it('reads PNG, WebP without loss, TIFF and GIF to the same pixels', async () => {
    for (const [format, bytes] of [
      ['png', await quarters().png().toBuffer()],
      ['webp', await quarters().webp({ lossless: true }).toBuffer()],
      ['tiff', await quarters().tiff({ compression: 'lzw' }).toBuffer()],
      ['gif', await quarters().gif().toBuffer()],
    ] as const) {
      const decoded = await decodePicture(bytes);
      expect(decoded.format).toBe(format);
      expectQuarters(decoded.picture, format === 'gif' ? 4 : 0);
    }
  });

  it('reads JPEG and AVIF', async () => {
    const jpeg = await decodePicture(await quarters().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer());
    expectQuarters(jpeg.picture, 4);
    const avif = await decodePicture(await quarters().avif({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer());
    expect(avif.format).toBe('avif');
    expectQuarters(avif.picture, 12);
  });

  it('puts pictures on shared memory, so that threads need not copy them', async () => {
    const { picture } = await decodePicture(await quarters().png().toBuffer());
    expect(picture.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('turns a picture upright for each of the eight EXIF orientations', async () => {
    // What has to be done to the upright picture so that the orientation undoes it. Two steps each where both are
    // needed: within one, sharp has an order of its own.
    const turn = (bytes: Uint8Array, degrees: number) => sharp(bytes).rotate(degrees).png().toBuffer();
    const mirror = (bytes: Uint8Array) => sharp(bytes).flop().png().toBuffer();
    const undo: Readonly<Record<number, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
      1: (bytes) => turn(bytes, 0),
      2: (bytes) => mirror(bytes),
      3: (bytes) => turn(bytes, 180),
      4: async (bytes) => mirror(await turn(bytes, 180)),
      5: async (bytes) => mirror(await turn(bytes, 90)),
      6: (bytes) => turn(bytes, 270),
      7: async (bytes) => mirror(await turn(bytes, 270)),
      8: (bytes) => turn(bytes, 90),
    };
    for (const [orientation, store] of Object.entries(undo)) {
      const stored = await store(await quarters().png().toBuffer());
      const bytes = await sharp(stored)
        .withMetadata({ orientation: Number(orientation) })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();
      const { picture } = await decodePicture(bytes);
      expect([orientation, picture.width, picture.height]).toEqual([orientation, 24, 16]);
      expectQuarters(picture, 6);
    }
  });

  it('reads grey, grey with alpha, palette, 16 bit and 1 bit', async () => {
    const grey = sharp(
      Uint8Array.from({ length: 16 }, (_, i) => i * 16),
      {
        raw: { width: 4, height: 4, channels: 1 },
      },
    );
    const plain = await decodePicture(await grey.clone().toColourspace('b-w').png().toBuffer());
    expect([...plain.picture.data.subarray(4, 8)]).toEqual([16, 16, 16, 255]);
    expect(plain.hasAlpha).toBe(false);

    const withAlpha = await decodePicture(
      await sharp(Uint8Array.of(200, 128, 100, 0), { raw: { width: 2, height: 1, channels: 2 } })
        .toColourspace('b-w')
        .png()
        .toBuffer(),
    );
    expect(withAlpha.hasAlpha).toBe(true);
    expect([...withAlpha.picture.data]).toEqual([200, 200, 200, 128, 100, 100, 100, 0]);

    const palette = await decodePicture(await quarters().png({ palette: true, colours: 16 }).toBuffer());
    expectQuarters(palette.picture, 2);

    const deep = await sharp(Uint16Array.of(65535, 0, 32768, 257 * 100, 257 * 50, 257 * 25), {
      raw: { width: 2, height: 1, channels: 3 },
    })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    const { picture } = await decodePicture(deep);
    expectColour([...picture.data], [255, 0, 128, 255, 100, 50, 25, 255], 1);
  });

  it('keeps straight alpha: the colour under a half transparent pixel is not darkened', async () => {
    const { picture, hasAlpha } = await decodePicture(await quarters(4, 100).png().toBuffer());
    expect(hasAlpha).toBe(true);
    expect(at(picture, 0.2, 0.2)).toEqual([255, 0, 0, 100]);
  });

  it('brings CMYK to sRGB', async () => {
    const cmyk = await quarters().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const { picture } = await decodePicture(cmyk);
    expect(picture.colorSpace).toBe('srgb');
    // Print colours are duller; what counts is that they are the right ones and not inverted.
    const [r = 0, g = 0, b = 0] = at(picture, 0.2, 0.2);
    expect(r).toBeGreaterThan(180);
    expect(Math.max(g, b)).toBeLessThan(90);
    expect(Math.min(...at(picture, 0.8, 0.8))).toBeGreaterThan(240);
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(8 * 8 * 3, 255), Buffer.alloc(8 * 8 * 3, 0)]);
    const gif = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const { picture } = await decodePicture(gif);
    expect([picture.width, picture.height]).toEqual([8, 8]);
    expect(at(picture, 0.5, 0.5)).toEqual([255, 255, 255, 255]);
  });

  it('keeps Display P3 as it is and converts it when sRGB is asked for', async () => {
    // Red of sRGB is (234, 51, 35) in Display P3.
    const bytes = await quarters().withIccProfile('p3').png().toBuffer();
    const kept = await decodePicture(bytes);
    expect(kept.picture.colorSpace).toBe('display-p3');
    expectColour(at(kept.picture, 0.2, 0.2), [234, 51, 35, 255], 2);
    const converted = await decodePicture(bytes, { colorSpace: 'srgb' });
    expect(converted.picture.colorSpace).toBe('srgb');
    expectQuarters(converted.picture, 3);
    const back = await decodePicture(await quarters().png().toBuffer(), { colorSpace: 'display-p3' });
    expectColour(at(back.picture, 0.2, 0.2), [234, 51, 35, 255], 2);
  });

  it("brings other spaces to sRGB by the file's own profile", async () => {
    // A profile like Display P3 but with red and green exchanged: no name helps, the numbers must be used.
    const profile = createDisplayP3Profile();
    const text = String.fromCharCode(...profile);
    profile.set(new TextEncoder().encode('gXYZ'), text.indexOf('rXYZ'));
    profile.set(new TextEncoder().encode('rXYZ'), text.indexOf('gXYZ'));
    const folder = mkdtempSync(join(tmpdir(), 'focal-icc-'));
    try {
      const path = join(folder, 'swapped.icc');
      writeFileSync(path, profile);
      const bytes = await quarters().withIccProfile(path).png().toBuffer();
      const { picture } = await decodePicture(bytes);
      expect(picture.colorSpace).toBe('srgb');
      expectQuarters(picture, 3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('decodePicture on bad input', () => {
  it('says that a file is empty', async () => {
    await expect(decodePicture(new Uint8Array())).rejects.toMatchObject({
      code: 'corrupt-input',
      message: expect.stringContaining('empty'),
    });
  });

  it('says what the bytes look like when they are no picture', async () => {
    for (const [text, name] of [
      ['This is a letter, not a photo.', 'text'],
      ['<!DOCTYPE html><html>', 'a web page'],
      ['%PDF-1.7', 'a PDF document'],
      ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG drawing'],
      ['\0\0\0\x18ftypisom\0\0\0\0isommp42', 'an MP4 or QuickTime video'],
      ['BM\0\0\0\0', 'a BMP picture'],
    ] as const) {
      await expect(decodePicture(Buffer.from(text, 'latin1'))).rejects.toMatchObject({
        code: 'unsupported-format',
        message: `Expected a picture, got what looks like ${name}.`,
      });
    }
  });

  it('refuses pictures that were cut short', async () => {
    const photo = readFileSync(PHOTO);
    await expect(decodePicture(photo.subarray(0, photo.length >> 1))).rejects.toMatchObject({ code: 'corrupt-input' });
    for (const bytes of [await quarters().png().toBuffer(), await quarters().webp().toBuffer()]) {
      await expect(decodePicture(bytes.subarray(0, bytes.length >> 1))).rejects.toMatchObject({
        code: 'corrupt-input',
      });
    }
    await expect(decodePicture(photo.subarray(0, 20))).rejects.toMatchObject({ code: 'corrupt-input' });
  });

  it('refuses a header of 50,000×50,000 before decoding', async () => {
    const png = await quarters().png().toBuffer();
    const huge = Buffer.from(png);
    huge.writeUInt32BE(50_000, 16);
    huge.writeUInt32BE(50_000, 20);
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
    await expect(decodePicture(huge)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('50000×50000'),
    });
  });

  it('takes a picture of exactly the limit and refuses one pixel more', async () => {
    const png = await quarters().png().toBuffer();
    await expect(decodePicture(png, { maxPixels: 24 * 16 })).resolves.toMatchObject({ format: 'png' });
    await expect(decodePicture(png, { maxPixels: 24 * 16 - 1 })).rejects.toMatchObject({ code: 'too-large' });
  });

  it('reads a picture of one pixel', async () => {
    const bytes = await sharp(Uint8Array.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const { picture } = await decodePicture(bytes);
    expect([...picture.data]).toEqual([1, 2, 3, 255]);
  });
});

/** Nothing else in the tool chain writes HEIC: without the encoder there is nothing to read. */
function hasHeicEncoder(): boolean {
  try {
    execFileSync('heif-enc', ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasHeicEncoder())('decodePicture on HEIC (skipped without heif-enc of libheif-examples)', () => {
  function encodeHeic(source: Uint8Array, extension: string, ...args: readonly string[]): Uint8Array {
    const folder = mkdtempSync(join(tmpdir(), 'focal-heic-'));
    try {
      const from = join(folder, `in.${extension}`);
      const to = join(folder, 'out.heic');
      writeFileSync(from, source);
      execFileSync('heif-enc', ['-q', '95', ...args, from, '-o', to], { stdio: 'pipe' });
      return readFileSync(to);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const big = async () => quarters().resize(240, 160, { kernel: 'nearest' });

  it('reads it like the picture it was made from', async () => {
    const { picture, format } = await decodePicture(encodeHeic(await (await big()).png().toBuffer(), 'png'));
    expect(format).toBe('heic');
    expect([picture.width, picture.height]).toEqual([240, 160]);
    expectColour(at(picture, 0.2, 0.2), [255, 0, 0, 255], 12);
    expectColour(at(picture, 0.8, 0.2), [0, 255, 0, 255], 12);
    expectColour(at(picture, 0.2, 0.8), [0, 0, 255, 255], 12);
  });

  it('turns it once where both the file and its EXIF ask for it', async () => {
    const turned = await sharp(await (await big()).png().toBuffer())
      .rotate(270)
      .png()
      .toBuffer();
    const jpeg = await sharp(turned).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    const heic = Buffer.from(encodeHeic(jpeg, 'jpg'));
    expect(heic.includes('Exif')).toBe(true);
    // Phones store the turn as a property too. This encoder does not, so one takes the place of the pixel depths:
    // `irot`, three quarters anticlockwise.
    const depths = heic.indexOf('pixi');
    expect(depths).toBeGreaterThan(0);
    heic.write('irot', depths, 'latin1');
    heic[depths + 4] = 3;
    const { picture } = await decodePicture(heic);
    expect([picture.width, picture.height]).toEqual([240, 160]);
    expectColour(at(picture, 0.2, 0.2), [255, 0, 0, 255], 14);
    expectColour(at(picture, 0.8, 0.2), [0, 255, 0, 255], 14);
  });

  it('keeps Display P3 by its profile and converts it when asked', async () => {
    const p3 = await (await big()).withIccProfile('p3').png().toBuffer();
    const heic = encodeHeic(p3, 'png');
    const kept = await decodePicture(heic);
    expect(kept.picture.colorSpace).toBe('display-p3');
    expectColour(at(kept.picture, 0.2, 0.2), [234, 51, 35, 255], 12);
    const converted = await decodePicture(heic, { colorSpace: 'srgb' });
    expectColour(at(converted.picture, 0.2, 0.2), [255, 0, 0, 255], 14);
  });

  it('refuses one cut short and one over the limit', async () => {
    const heic = encodeHeic(await (await big()).png().toBuffer(), 'png');
    await expect(decodePicture(heic.subarray(0, heic.length >> 1))).rejects.toMatchObject({ code: 'corrupt-input' });
    await expect(decodePicture(heic, { maxPixels: 1000 })).rejects.toMatchObject({ code: 'too-large' });
  });
});
