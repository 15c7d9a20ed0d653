import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { createMatte } from '../picture/matte.ts';
import { allocateLocal, createPicture } from '../picture/picture.ts';
import { planCut, planCutAlong } from './cut.ts';

const side = fc.integer({ min: 1, max: 41 });
const anyCase = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    picture: fc
      .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
      .map((bytes) => createPicture(width, height, { data: Uint8Array.from([1, ...bytes]).subarray(1) })),
    alpha: fc
      .array(fc.constantFrom(0, 0, 255, 255, 1, 90, 254), { minLength: width * height, maxLength: width * height })
      .map((values) => createMatte(width, height, { data: Uint8Array.from(values) })),
  }),
);

test('alpha is the matte times the picture’s own, colours stay where it is the subject’s alone, and are 0 where it is 0', () => {
  fc.assert(
    fc.property(anyCase, ({ picture, alpha }) => {
      const cut = runPlan(planCutAlong(picture, alpha, allocateLocal));
      for (let i = 0; i < alpha.data.length; i++) {
        const matte = alpha.data[i] as number;
        const expected = Math.round((matte * (picture.data[i * 4 + 3] as number)) / 255);
        expect(cut.data[i * 4 + 3]).toBe(expected);
        const color = [...cut.data.subarray(i * 4, i * 4 + 3)];
        const own = [...picture.data.subarray(i * 4, i * 4 + 3)];
        expect(color).toEqual(expected === 0 ? [0, 0, 0] : matte === 255 ? own : color);
      }
    }),
  );
});

test('rows can be computed in any order and in pieces', () => {
  fc.assert(
    fc.property(anyCase, fc.integer({ min: 1, max: 12 }), fc.nat(), ({ picture, alpha }, across, cut) => {
      const matte = createMatte(across, 7);
      for (let i = 0; i < matte.data.length; i++) matte.data[i] = alpha.data[i % alpha.data.length] as number;
      const whole = runPlan(planCut(picture, matte, allocateLocal));
      const { passes, result } = planCut(picture, matte, allocateLocal);
      for (const pass of passes) {
        const at = cut % (pass.rows + 1);
        pass.run(at, pass.rows);
        pass.run(0, at);
      }
      expect(result.data).toEqual(whole.data);
    }),
  );
});

/** A soft edge between two colours, the known alpha beside it. */
function drawEdge(subject: readonly number[], behind: readonly number[], ownAlpha = 255) {
  const picture = createPicture(60, 24);
  const alpha = createMatte(60, 24);
  for (let i = 0; i < 60 * 24; i++) {
    const share = Math.min(1, Math.max(0, ((i % 60) - 20.5) / 18));
    alpha.data[i] = Math.round(share * 255);
    for (let c = 0; c < 3; c++) {
      picture.data[i * 4 + c] = Math.round((subject[c] as number) * share + (behind[c] as number) * (1 - share));
    }
    picture.data[i * 4 + 3] = ownAlpha;
  }
  return { picture, alpha };
}

test('the subject’s colour is found under a soft edge, the background’s is gone', () => {
  const { picture, alpha } = drawEdge([200, 40, 30], [20, 90, 220]);
  const cut = runPlan(planCutAlong(picture, alpha, allocateLocal));
  for (let i = 0; i < alpha.data.length; i++) {
    if ((cut.data[i * 4 + 3] as number) < 26) continue;
    expect(Math.abs((cut.data[i * 4] as number) - 200)).toBeLessThan(12);
    expect(Math.abs((cut.data[i * 4 + 2] as number) - 30)).toBeLessThan(12);
    // The photo's own blue is up to 200 at such an edge.
  }
});

test('what lies under full transparency does not colour the edge', () => {
  const { picture, alpha } = drawEdge([200, 40, 30], [20, 90, 220]);
  const expected = runPlan(planCutAlong(picture, alpha, allocateLocal)).data;
  for (let row = 0; row < 24; row++) {
    for (let x = 0; x < 10; x++) picture.data.set([0, 255, 0, 0], (row * 60 + x) * 4);
  }
  const cut = runPlan(planCutAlong(picture, alpha, allocateLocal)).data;
  for (let i = 0; i < 60 * 24; i++) {
    if (i % 60 < 21) continue;
    for (let c = 0; c < 3; c++) {
      expect(Math.abs((cut[i * 4 + c] as number) - (expected[i * 4 + c] as number))).toBeLessThanOrEqual(20);
    }
  }
});
