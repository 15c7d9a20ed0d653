import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import { resizeMatte } from '../picture/resize.ts';
import { planRefineMatte } from './refine.ts';

/** Strands of a dark subject over a light background that changes slowly, with grain; alpha known exactly. */
function drawStrands(width: number, height: number): { picture: Picture; truth: Matte } {
  const picture = createPicture(width, height);
  const truth = createMatte(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const strand = Math.max(0, 1 - Math.abs(((x + y * 0.3) % 23) - 11) / 1.3);
      const body = Math.min(1, Math.max(0, (width * 0.4 - x) / 5));
      const alpha = x > width * 0.8 ? 0 : Math.max(body, strand);
      truth.data[i] = Math.round(alpha * 255);
      const grain = (Math.imul(i + 7, 2654435761) >>> 30) - 1.5;
      for (let c = 0; c < 3; c++) {
        const behind = 200 - (c * 30 + (x * 40) / width);
        const value = (30 + c * 12) * alpha + behind * (1 - alpha) + grain;
        picture.data[i * 4 + c] = Math.round(Math.min(255, Math.max(0, value)));
      }
      picture.data[i * 4 + 3] = 255;
    }
  }
  return { picture, truth };
}

function sumOfErrors(matte: Matte, truth: Matte): number {
  let sum = 0;
  for (const [i, value] of truth.data.entries()) sum += Math.abs(value - (matte.data[i] as number));
  return sum;
}

const { picture, truth } = drawStrands(331, 257);
const small = resizeMatte(truth, 83, 64, { filter: 'area' });

test('strands thinner than a matte cell come back, which enlarging alone cannot do', () => {
  const refined = runPlan(planRefineMatte(picture, small, allocateLocal));
  const enlarged = resizeMatte(small, 331, 257, { filter: 'bicubic' });
  expect(sumOfErrors(refined, truth)).toBeLessThan(0.35 * sumOfErrors(enlarged, truth));
});

test('reducing the refined matte gives the matte again', () => {
  const refined = runPlan(planRefineMatte(picture, small, allocateLocal));
  const again = resizeMatte(refined, 83, 64, { filter: 'area' });
  expect(sumOfErrors(again, small) / small.data.length).toBeLessThan(1.5);
});

test('what is surely subject or background stays so, to the byte', () => {
  const refined = runPlan(planRefineMatte(picture, small, allocateLocal));
  for (let y = 0; y < 257; y++) {
    expect([...refined.data.subarray(y * 331, y * 331 + 100)]).toEqual(Array.from({ length: 100 }, () => 255));
    expect([...refined.data.subarray(y * 331 + 280, (y + 1) * 331)]).toEqual(Array.from({ length: 51 }, () => 0));
  }
});

test('a photo that says nothing leaves a smoothly enlarged matte', () => {
  const grey = createPicture(331, 257, { data: new Uint8Array(331 * 257 * 4).fill(255) });
  const refined = runPlan(planRefineMatte(grey, small, allocateLocal));
  const enlarged = resizeMatte(small, 331, 257, { filter: 'bilinear' });
  const error = sumOfErrors(refined, enlarged) / enlarged.data.length;
  expect(error).toBeLessThan(3);
});

const anyCase = fc
  .tuple(
    fc.integer({ min: 1, max: 37 }),
    fc.integer({ min: 1, max: 37 }),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 20 }),
  )
  .chain(([width, height, across, down]) =>
    fc.record({
      picture: fc
        .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
        .map((bytes) => createPicture(width, height, { data: Uint8Array.from([1, ...bytes]).subarray(1) })),
      matte: fc
        .uint8Array({ minLength: across * down, maxLength: across * down })
        .map((bytes) => createMatte(across, down, { data: Uint8Array.from([1, 2, ...bytes]).subarray(2) })),
    }),
  );

test('any sizes work, in rows of any order and share, with the same bytes', () => {
  fc.assert(
    fc.property(anyCase, fc.nat(), ({ picture, matte }, cut) => {
      const whole = runPlan(planRefineMatte(picture, matte, allocateLocal));
      expect([whole.width, whole.height]).toEqual([picture.width, picture.height]);
      const { passes, result } = planRefineMatte(picture, matte, allocateLocal);
      for (const pass of passes) {
        const at = cut % (pass.rows + 1);
        pass.run(at, pass.rows);
        pass.run(0, at);
      }
      expect(result.data).toEqual(whole.data);
    }),
  );
});

test('a matte of one value gives that value everywhere', () => {
  fc.assert(
    fc.property(anyCase, fc.integer({ min: 0, max: 255 }), ({ picture, matte }, value) => {
      const even = createMatte(matte.width, matte.height);
      even.data.fill(value);
      const refined = runPlan(planRefineMatte(picture, even, allocateLocal));
      const expected =
        picture.width * picture.height < even.data.length * 1.5 ? value : value <= 4 ? 0 : value >= 247 ? 255 : value;
      for (const alpha of refined.data) expect(alpha).toBe(expected);
    }),
  );
});

test('building the plan computes nothing and asks for the same memory whatever the pixels', () => {
  const asked: number[][] = [[], []];
  for (const [k, fill] of [0, 255].entries()) {
    const source = createPicture(40, 30);
    source.data.fill(fill);
    const matte = createMatte(9, 8);
    matte.data.fill(255 - fill);
    const plan = planRefineMatte(source, matte, (bytes) => {
      asked[k]?.push(bytes);
      return new ArrayBuffer(bytes);
    });
    expect(plan.result.data.every((value) => value === 0)).toBe(true);
  }
  expect(asked[0]).toEqual(asked[1]);
});

test('memory that may hold anything may', () => {
  const refined = runPlan(planRefineMatte(picture, small, allocateLocal));
  const used = runPlan(
    planRefineMatte(picture, small, (byteLength, contents) =>
      contents === 'anything' ? new Uint8Array(byteLength).fill(0xa5).buffer : new ArrayBuffer(byteLength),
    ),
  );
  expect(used.data).toEqual(refined.data);
});
