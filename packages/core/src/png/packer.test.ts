import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture } from '../picture/picture.ts';
import { createRowPacker, packedBound } from './packer.ts';

/** Pixels of a few kinds: noise, even areas, steps. */
function draw(length: number, seed: number): Uint8Array {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const data = new Uint8Array(length);
  for (let i = 0; i < length; ) {
    const kind = next() & 3;
    const run = 1 + next() * (kind + 1);
    const value = next();
    for (const end = Math.min(length, i + run); i < end; i++) {
      data[i] = kind === 0 ? next() : kind === 1 ? value : kind === 2 ? 0 : value + (i & 7);
    }
  }
  return data;
}

const shape = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer(),
  channels: fc.constantFrom(1 as const, 3 as const, 4 as const),
});

describe('a row packer', () => {
  it('gives blocks that another reader unpacks to the filtered rows', () => {
    fc.assert(
      fc.property(shape, ({ width, height, seed, channels }) => {
        const step = channels === 1 ? 1 : 4;
        const data = draw(width * height * step, seed);
        const image = step === 1 ? createMatte(width, height, { data }) : createPicture(width, height, { data });
        const first = height >> 1;
        const { bytes } = createRowPacker(width, step, height).pack(image, channels, first, height, true);
        const rows = inflateRawSync(bytes);
        expect(rows.length).toBe((height - first) * (1 + width * channels));
        for (let y = first; y < height; y++) {
          const row = rows.subarray((y - first) * (1 + width * channels));
          expect(row[0]).toBe(channels === 4 ? 3 : 2);
          for (let x = 0; x < width; x++) {
            for (let c = 0; c < channels; c++) {
              const i = (y * width + x) * step + c;
              const up = y === 0 ? 0 : (data[i - width * step] ?? 0);
              const guess = channels === 4 ? ((x === 0 ? 0 : (data[i - 4] ?? 0)) + up) >> 1 : up;
              if (row[1 + x * channels + c] !== (((data[i] ?? 0) - guess) & 255)) throw new Error(`${x}, ${y}, ${c}`);
            }
          }
        }
      }),
    );
  });

  it('gives the same bytes with SIMD as without', () => {
    fc.assert(
      fc.property(shape, ({ width, height, seed, channels }) => {
        const data = draw(width * height * (channels === 1 ? 1 : 4), seed);
        const image = channels === 1 ? createMatte(width, height, { data }) : createPicture(width, height, { data });
        const pack = (simd: boolean) =>
          createRowPacker(width, channels === 1 ? 1 : 4, height, { simd }).pack(
            image,
            channels,
            0,
            height,
            seed % 2 === 0,
          );
        const [own, reference] = [pack(true), pack(false)];
        expect(own.adler).toBe(reference.adler);
        expect(Buffer.compare(own.bytes, reference.bytes)).toBe(0);
      }),
    );
  });

  it('can be used again, for more than one block and for rows that follow each other', () => {
    const [width, height] = [700, 96];
    const picture = createPicture(width, height, { data: draw(width * height * 4, 5) });
    const packer = createRowPacker(width, 4, 64);
    const parts = [packer.pack(picture, 4, 0, 64, false).bytes.slice(), packer.pack(picture, 4, 64, 96, true).bytes];
    const whole = createRowPacker(width, 4, height).pack(picture, 4, 0, height, true);
    expect(Buffer.compare(inflateRawSync(Buffer.concat(parts)), inflateRawSync(whole.bytes))).toBe(0);
  });

  it('keeps within its bound where nothing can be saved', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 90 }), fc.integer(), (w, h, seed) => {
        const data = Uint8Array.from({ length: w * h * 4 }, (_, i) => (Math.imul(i ^ seed, 2654435761) >>> 13) & 255);
        const { bytes } = createRowPacker(w, 4, h).pack(createPicture(w, h, { data }), 4, 0, h, false);
        expect(bytes.length).toBeLessThanOrEqual(packedBound(h * (w * 4 + 1)));
      }),
    );
  });

  it('makes next to nothing of an empty picture', () => {
    const { bytes } = createRowPacker(1000, 4, 200).pack(createPicture(1000, 200), 4, 0, 200, true);
    expect(bytes.length).toBeLessThan(2000);
  });
});
