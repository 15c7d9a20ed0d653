import { type Box, boxIou, createMatte, type Grid, type Matte } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { chooseKey, claimWhole, mendBox } from './claim-whole.ts';

const SIDE = 100;
const FRAME: Box = { x: 0, y: 0, width: 1, height: 1 };
const BOX: Box = { x: 0.3, y: 0.3, width: 0.2, height: 0.4 };

const holds = ({ x, y, width, height }: Box, i: number): boolean => {
  const [u, v] = [((i % SIDE) + 0.5) / SIDE, (Math.floor(i / SIDE) + 0.5) / SIDE];
  return u > x && v > y && u < x + width && v < y + height;
};

function evidenceOf(...boxes: readonly Box[]) {
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, i) => (boxes.some((box) => holds(box, i)) ? 1 : 0));
  return { shares: { area: FRAME, width: SIDE, height: SIDE, values } satisfies Grid, weight: 2 };
}

function matteOf(box: Box): Matte {
  return createMatte(SIDE, SIDE, {
    data: Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (holds(box, i) ? 255 : 0)),
  });
}

const sumIn = (values: Float32Array, box: Box): number =>
  values.reduce((sum, value, i) => sum + (holds(box, i) ? value : 0), 0);

describe('claimWhole', () => {
  const before = { matte: matteOf(BOX), box: BOX };

  it('believes what stands out where the subject was thought to be', () => {
    const { belief, crowd, shares } = claimWhole(evidenceOf(BOX), BOX, before);
    expect([belief, crowd]).toEqual([1, 0]);
    expect(shares.values).toEqual(evidenceOf(BOX).shares.values);
  });

  it('does not believe that nothing stands out, or something else, and keeps the mask that was carried', () => {
    const elsewhere: Box = { x: 0.7, y: 0.1, width: 0.2, height: 0.2 };
    for (const evidence of [evidenceOf(), evidenceOf(elsewhere)]) {
      const own = claimWhole(evidence, BOX, before);
      expect(own.belief).toBe(0);
      expect(sumIn(chooseKey(own, before.matte).values, BOX)).toBeCloseTo(sumIn(evidenceOf(BOX).shares.values, BOX), 0);
    }
  });

  it('follows the subject when its box has moved', () => {
    const moved = { ...BOX, x: BOX.x + 0.3 };
    expect(claimWhole(evidenceOf(moved), moved, before).belief).toBe(1);
  });

  it('leaves out others who stand out beside it', () => {
    const beside: Box = { x: 0.65, y: 0.2, width: 0.3, height: 0.6 };
    const { shares, belief, crowd } = claimWhole(evidenceOf(BOX, beside), BOX, before);
    expect([belief, crowd]).toEqual([1, 1]);
    expect(sumIn(shares.values, beside)).toBe(0);
    expect(sumIn(shares.values, BOX)).toBe(sumIn(evidenceOf(BOX).shares.values, BOX));
  });
});

describe('mendBox', () => {
  const larger: Box = { x: 0.28, y: 0.25, width: 0.26, height: 0.5 };
  const claim = (box: Box) => claimWhole(evidenceOf(box), BOX, { matte: matteOf(BOX), box: BOX });

  it('grows the box to hold what is believed to be the subject', () => {
    const own = claim(larger);
    expect(own.belief).toBe(1);
    const { x, y, width, height } = mendBox({ ...own, crowd: 0 }, BOX);
    expect([x, y, width, height].map((each) => Math.round(each * 100))).toEqual([28, 25, 26, 50]);
  });

  it('does not shrink it, and leaves it where little is believed or others stand out', () => {
    const part: Box = { ...BOX, height: 0.25 };
    const mended = [
      mendBox(claim(part), BOX),
      mendBox({ ...claim(larger), belief: 0.4 }, BOX),
      mendBox({ ...claim(larger), crowd: 1 }, BOX),
      mendBox(claimWhole(evidenceOf(), BOX, { matte: matteOf(BOX), box: BOX }), BOX),
    ];
    for (const box of mended) expect(boxIou(box, BOX)).toBeCloseTo(1, 5);
  });
});
