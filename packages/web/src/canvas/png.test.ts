import { createPicture, type Picture } from '@focal/core';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng } from './png.ts';

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 1_000_000 }))
  .map(([width, height, seed]) => createNoise(width, height, seed));

function createNoise(width: number, height: number, seed: number): Picture {
  const data = new Uint8Array(width * height * 4);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state >>> 24;
  }
  return createPicture(width, height, { data });
}

async function encode(picture: Picture): Promise<Buffer> {
  return Buffer.from(await (await encodePng(picture)).arrayBuffer());
}

describe('the PNG writer', () => {
  it('keeps every byte, also the colours of transparent pixels, as another reader sees them', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        const { data, info } = await sharp(await encode(picture))
          .raw()
          .toBuffer({ resolveWithObject: true });
        expect([info.width, info.height, info.channels]).toEqual([picture.width, picture.height, 4]);
        expect(Buffer.compare(data, Buffer.from(picture.data))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('names the colour space by its code points', async () => {
    const spaces = ['srgb', 'display-p3'] as const;
    const codes = await Promise.all(
      spaces.map(async (colorSpace) => {
        const bytes = await encode({ ...createNoise(3, 2, 1), colorSpace });
        const at = bytes.indexOf('cICP');
        return [...bytes.subarray(at + 4, at + 8)];
      }),
    );
    expect(codes).toEqual([
      [1, 13, 0, 1],
      [12, 13, 0, 1],
    ]);
  });

  it('tells how far it is and stops when cancelled', async () => {
    const seen: number[] = [];
    const picture = createNoise(16, 200, 5);
    await encodePng(picture, { onProgress: (done) => seen.push(done) });
    expect(seen.at(-1)).toBe(1);
    expect(seen.length).toBeGreaterThan(2);
    await expect(encodePng(picture, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });
});
