import { createPicture } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFromRgba, i420Length } from './from-rgba.ts';
import { createFromRgba444, i444p10Length } from './from-rgba-444.ts';
import { createToRgba } from './to-rgba.ts';
import { turnPicture } from './turn.ts';
import { toYcbcrSpace, writtenSpace, type YcbcrSpace } from './ycbcr.ts';

const SPACES: readonly YcbcrSpace[] = (['bt601', 'bt709', 'bt2020'] as const).flatMap((matrix) =>
  [false, true].map((full) => ({ matrix, full })),
);

function thereAndBack(space: YcbcrSpace, width: number, height: number, rgba: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(i420Length(width, height, true));
  createFromRgba(space)(createPicture(width, height, { data: rgba }), bytes, { width, height, hasAlpha: true });
  const across = (width + 1) >> 1;
  const chroma = across * ((height + 1) >> 1);
  const plane = width * height;
  const into = new Uint8Array(plane * 4);
  createToRgba(space)(
    {
      width,
      height,
      y: bytes.subarray(0, plane),
      yStride: width,
      u: bytes.subarray(plane, plane + chroma),
      v: bytes.subarray(plane + chroma, plane + 2 * chroma),
      chromaStride: across,
      chromaStep: 1,
      shiftX: 1,
      shiftY: 1,
      alpha: bytes.subarray(plane + 2 * chroma),
      alphaStride: width,
    },
    into,
  );
  return into;
}

describe('colours of video', () => {
  it('come back from any space, for pictures of one colour of any size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SPACES),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
        (space, width, height, color) => {
          const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => color[i % 4] ?? 0);
          const back = thereAndBack(space, width, height, rgba);
          for (const [i, value] of back.entries())
            expect(Math.abs(value - (rgba[i] ?? 0))).toBeLessThanOrEqual(i % 4 === 3 ? 0 : 3);
        },
      ),
    );
  });

  it('keep grey grey, black black and white white', () => {
    for (const space of SPACES) {
      for (const grey of [0, 1, 17, 128, 254, 255]) {
        const rgba = Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? 255 : grey));
        const [red = 0, green = 0, blue = 0] = thereAndBack(space, 2, 2, rgba);
        expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBe(0);
        expect(Math.abs(red - grey)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('are stored as the standards say', () => {
    // ITU-R BT.709: pure red, limited range: Y 63, Cb 102, Cr 240.
    const bytes = new Uint8Array(i420Length(2, 2, false));
    const red = createPicture(2, 2, {
      data: Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 255 : 0)),
    });
    createFromRgba({ matrix: 'bt709', full: false })(red, bytes, { width: 2, height: 2, hasAlpha: false });
    expect([...bytes]).toEqual([63, 63, 63, 63, 102, 240]);
    createFromRgba({ matrix: 'bt601', full: false })(red, bytes, { width: 2, height: 2, hasAlpha: false });
    expect([...bytes]).toEqual([81, 81, 81, 81, 90, 240]);
    const deep = new Uint16Array(i444p10Length(2, 2, true));
    createFromRgba444({ matrix: 'bt709', full: false })(red, deep, true);
    expect([deep[0], deep[4], deep[8], deep[12]]).toEqual([250, 409, 960, 1023]);
  });

  it('are taken for what players take them for where a file says nothing', () => {
    expect(toYcbcrSpace({}, 480)).toEqual({ matrix: 'bt601', full: false });
    expect(toYcbcrSpace({}, 720)).toEqual({ matrix: 'bt709', full: false });
    expect(toYcbcrSpace({ matrix: 'bt709', fullRange: true }, 480)).toEqual({ matrix: 'bt709', full: true });
    for (const height of [480, 1080]) expect(toYcbcrSpace({}, height)).toEqual(writtenSpace(height));
  });
});

describe('colours of video by SIMD', () => {
  const size = fc.record({ width: fc.integer({ min: 1, max: 37 }), height: fc.integer({ min: 1, max: 7 }) });
  const noise = (length: number, seed: number): Uint8Array =>
    Uint8Array.from({ length }, (_, i) => {
      const value = Math.imul(i + 1, 0x9e3779b1 ^ seed) >>> 22;
      // More at both ends than in the middle.
      return Math.max(0, Math.min(255, value - 384));
    });

  it('are stored as the reference stores them, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SPACES),
        size,
        fc.integer(),
        fc.boolean(),
        fc.constantFrom(0, 1),
        (space, { width, height }, seed, hasAlpha, more) => {
          const picture = createPicture(width, height, { data: noise(width * height * 4, seed) });
          const stored = { width: width + more, height: height + more, hasAlpha };
          const [fast, plain] = [true, false].map((simd) => {
            const into = new Uint8Array(i420Length(stored.width, stored.height, hasAlpha));
            createFromRgba(space, { simd })(picture, into, stored);
            return into;
          });
          expect(fast).toEqual(plain);
        },
      ),
    );
  });

  it('are read as the reference reads them, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SPACES),
        size,
        fc.integer(),
        fc.boolean(),
        fc.constantFrom<0 | 1>(0, 1),
        (space, { width, height }, seed, hasAlpha, shiftY) => {
          const bytes = noise(width * height * 4 + 64, seed);
          const planes = {
            width,
            height,
            y: bytes,
            yStride: width + 2,
            u: bytes.subarray(11),
            v: bytes.subarray(23),
            chromaStride: width + 1,
            chromaStep: 1,
            shiftX: 1,
            shiftY,
            ...(hasAlpha ? { alpha: bytes.subarray(31), alphaStride: width + 1 } : {}),
          } as const;
          const [fast, plain] = [true, false].map((simd) => {
            const into = new Uint8Array(width * height * 4);
            createToRgba(space, { simd })(planes, into);
            return into;
          });
          expect(fast).toEqual(plain);
        },
      ),
    );
  });
});

describe('turnPicture', () => {
  const picture = createPicture(3, 2, { data: Uint8Array.from({ length: 24 }, (_, i) => i >> 2) });
  const reds = (rotation: 0 | 90 | 180 | 270, flip = false): readonly number[] => {
    const { data } = turnPicture(picture, rotation, flip);
    return Array.from({ length: 6 }, (_, i) => data[i * 4] ?? -1);
  };

  it('turns clockwise, then mirrors', () => {
    expect(reds(0)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(reds(90)).toEqual([3, 0, 4, 1, 5, 2]);
    expect(reds(180)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(reds(270)).toEqual([2, 5, 1, 4, 0, 3]);
    expect(reds(0, true)).toEqual([2, 1, 0, 5, 4, 3]);
    expect(reds(90, true)).toEqual([0, 3, 1, 4, 2, 5]);
    expect(turnPicture(picture, 90)).toMatchObject({ width: 2, height: 3 });
  });
});
