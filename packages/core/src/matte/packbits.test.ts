import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FocalError } from '../errors.ts';
import { packBits, unpackBits } from './packbits.ts';

const runs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 400 })), { maxLength: 40 })
  .map((parts) => Uint8Array.from(parts.flatMap(([value, count]) => Array.from({ length: count }, () => value))));

/** How many bytes come out, or the code of the error. */
function outcomeOf(packed: Uint8Array, length: number): unknown {
  try {
    return unpackBits(packed, length).length;
  } catch (error) {
    return error instanceof FocalError ? error.code : error;
  }
}

describe('PackBits', () => {
  it('packs the example of the TIFF and Apple notes as they do', () => {
    const plain = [0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0x00];
    const packed = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x01, 0x80, 0x00];
    expect([...packBits(Uint8Array.from(plain))]).toEqual(packed);
    expect([...unpackBits(Uint8Array.from(packed), plain.length)]).toEqual(plain);
  });

  it('gives back what was packed, never much larger', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 1000 }), runs), (data) => {
        const packed = packBits(data);
        expect(packed.length).toBeLessThanOrEqual(data.length + Math.ceil(data.length / 128));
        expect(unpackBits(packed, data.length)).toEqual(data);
      }),
    );
  });

  it('refuses bytes that do not unpack to the length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 0, max: 2000 }), (packed, length) => {
        expect(outcomeOf(packed, length)).toBeOneOf([length, 'corrupt-input']);
      }),
    );
    expect(() => unpackBits(packBits(new Uint8Array(500)).subarray(0, -1), 500)).toThrow('Expected packed bytes');
  });
});
