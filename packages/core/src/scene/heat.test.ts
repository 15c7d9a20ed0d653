import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture } from '../picture/picture.ts';
import { drawHeat, toFullMap } from './heat.ts';
import type { SaliencyFact } from './scene.ts';

function factOf(data: Uint8Array, width: number, height: number): SaliencyFact {
  return {
    map: createMatte(width, height, { data }),
    classes: [],
    vocabulary: 'coco',
    box: { x: 0, y: 0, width: 1, height: 1 },
    focalPoint: { x: 0.5, y: 0.5 },
    confidence: 0,
    basis: 'centre',
    provenance: { models: [] },
  };
}

describe('saliency drawn', () => {
  it('keeps size, alpha and colour space, and leaves the picture as it was', () => {
    const size = fc.integer({ min: 1, max: 17 });
    fc.assert(
      fc.property(size, size, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (width, height, bytes) => {
        const data = Uint8Array.from({ length: width * height * 4 }, () => bytes.next().value as number);
        const picture = createPicture(width, height, { data: Uint8Array.from(data), colorSpace: 'display-p3' });
        const heat = drawHeat(picture, factOf(Uint8Array.of(0, 90, 255, 30), 2, 2));
        expect([heat.width, heat.height, heat.colorSpace]).toEqual([width, height, 'display-p3']);
        for (let i = 3; i < data.length; i += 4) expect(heat.data[i]).toBe(data[i]);
        expect(picture.data).toEqual(data);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('grows lighter with the evidence, on black as on white', () => {
    for (const shade of [0, 255]) {
      const picture = createPicture(256, 1, { data: new Uint8Array(256 * 4).fill(shade) });
      const { data } = drawHeat(
        picture,
        factOf(
          Uint8Array.from({ length: 256 }, (_, i) => i),
          256,
          1,
        ),
      );
      const light = Array.from({ length: 256 }, (_, i) => {
        const [red, green, blue] = data.subarray(i * 4, i * 4 + 3);
        return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
      });
      expect(light[255]).toBeGreaterThan((light[0] ?? 0) + 50);
    }
  });

  it('brings the map to the size of the photo', () => {
    const map = toFullMap(factOf(Uint8Array.of(0, 255, 0, 255), 2, 2), 8, 6);
    expect([map.width, map.height, map.data[0], map.data[7]]).toEqual([8, 6, 0, 255]);
  });
});
