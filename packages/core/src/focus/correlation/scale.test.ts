import { expect, it } from 'vitest';
import { type DrawnSubject, drawFrame } from '../fixtures/drawn-clip.ts';
import { takePatch } from './patch.ts';
import { createScaleFilter, SCALE_SIDE } from './scale.ts';

const FIRST: DrawnSubject = { x: 160, y: 120, width: 60, height: 60, look: 5 };

it('learns the same from what it has just seen as from samples taken anew, and asks for fewer', () => {
  let asked = 0;
  const follow = (isAsFound: boolean) => {
    const filter = createScaleFilter();
    let side = FIRST.width;
    const samplesOf = (grown: number) => {
      const frame = drawFrame([{ ...FIRST, width: FIRST.width * grown, height: FIRST.height * grown }]);
      return (factor: number) => {
        asked++;
        const length = side * factor;
        const part = { left: FIRST.x - length / 2, top: FIRST.y - length / 2, width: length, height: length };
        return takePatch(frame, part, SCALE_SIDE, SCALE_SIDE, 2);
      };
    };
    filter.learn(samplesOf(1), 0.1);
    asked = 0;
    const factors = Array.from({ length: 12 }, (_, i) => {
      const samples = samplesOf(1.04 ** (i + 1));
      const factor = filter.find(samples);
      side *= factor;
      filter.learn(samples, 0.1, isAsFound);
      return factor;
    });
    return { factors, asked };
  };
  const anew = follow(false);
  const asFound = follow(true);
  expect(asFound.factors).toEqual(anew.factors);
  expect(anew.factors.reduce((product, factor) => product * factor)).toBeGreaterThan(1.3);
  expect(anew.asked).toBe(12 * 32);
  expect(asFound.asked).toBeLessThan(12 * 20);
});
