import { describe, expect, it } from 'vitest';
import { createMatte, type Matte } from '../picture/matte.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import { createSteadyMatte } from './steady-matte.ts';

const SIDE = 16;

/** A white square of half the width on black, so many pixels from the left, and its matte. */
function scene(left: number, wobble = 0): { readonly picture: Picture; readonly matte: Matte } {
  const data = new Uint8Array(SIDE * SIDE * 4);
  const alpha = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < alpha.length; i++) {
    const isIn = i % SIDE >= left && i % SIDE < left + SIDE / 2;
    data.fill(isIn ? 230 : 20, i * 4, i * 4 + 3);
    data[i * 4 + 3] = 255;
    alpha[i] = isIn ? 255 : 0;
    if (i % SIDE === left) alpha[i] = 128 + wobble;
  }
  return { picture: createPicture(SIDE, SIDE, { data }), matte: createMatte(SIDE, SIDE, { data: alpha }) };
}

const edge = (matte: Matte, left: number): number => matte.data[left] ?? -1;

describe('createSteadyMatte', () => {
  it('takes the flicker out of an edge at rest', () => {
    const steady = createSteadyMatte();
    const seen: number[] = [];
    for (let frame = 0; frame < 20; frame++) {
      const { picture, matte } = scene(4, frame % 2 === 0 ? 40 : -40);
      seen.push(edge(steady.step(picture, matte), 4));
    }
    const changes = seen.slice(11).map((value, i) => Math.abs(value - (seen[10 + i] ?? 0)));
    expect(Math.max(...changes)).toBeLessThan(30);
  });

  it('leaves nothing behind what moves', () => {
    const steady = createSteadyMatte();
    for (let frame = 0; frame < 6; frame++) {
      const { picture, matte } = scene(frame);
      const result = steady.step(picture, matte);
      // Where the square was a frame ago, and where it has come to.
      expect(frame === 0 ? 0 : result.data[frame - 1]).toBeLessThan(12);
      expect(result.data[frame + SIDE / 2 - 1]).toBeGreaterThan(243);
    }
  });

  it('keeps what never changes as it is', () => {
    const steady = createSteadyMatte();
    const { picture, matte } = scene(3);
    for (let frame = 0; frame < 5; frame++) expect([...steady.step(picture, matte).data]).toEqual([...matte.data]);
  });

  it('begins anew with another size, and when told to forget', () => {
    const steady = createSteadyMatte();
    const [before, after] = [scene(3, 40), scene(3, -40)];
    steady.step(before.picture, before.matte);
    steady.forget();
    expect(edge(steady.step(after.picture, after.matte), 3)).toBe(88);
    const small = createMatte(2, 2, { data: new Uint8Array(4).fill(9) });
    expect([...steady.step(after.picture, small).data]).toEqual([9, 9, 9, 9]);
  });

  it('begins anew where the scene changes', () => {
    const steady = createSteadyMatte();
    const { picture, matte } = scene(3);
    steady.step(picture, matte);
    const other = createPicture(SIDE, SIDE, { data: new Uint8Array(SIDE * SIDE * 4).fill(255) });
    const empty = createMatte(SIDE, SIDE);
    expect(Math.max(...steady.step(other, empty).data)).toBe(0);
  });
});
