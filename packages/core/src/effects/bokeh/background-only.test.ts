import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runPlan } from '../../async/plan.ts';
import { allocateLocal, createPicture, type Picture } from '../../picture/picture.ts';
import { type Cells, planCells } from './cells.ts';
import { CLEAN, MIXED, SOLID } from './figures.ts';
import { createFrame, cutSubject, type Frame, sizeAt } from './frame.ts';
import { planGlare } from './glare.ts';
import { type Light, planLight } from './light.ts';

const side = fc.integer({ min: 1, max: 21 });
/** Opaque or not, dark or a highlight; subject in runs. */
const anyFrame = fc
  .tuple(side, side, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), fc.infiniteStream(fc.nat(11)))
  .map(([width, height, bytes, kinds]) => {
    const data = new Uint8Array(width * height * 4);
    const cut = new Uint8Array(width * height * 4);
    let kind = 0;
    for (let i = 0; i < data.length; i += 4) {
      const next = kinds.next().value as number;
      if (next < 4) kind = next;
      for (let c = 0; c < 3; c++) data[i + c] = bytes.next().value as number;
      data[i + 3] = next === 5 ? (bytes.next().value as number) : 255;
      const share = kind === 0 ? 0 : kind === 1 ? 255 : (bytes.next().value as number);
      cut[i + 3] = Math.round((share * (data[i + 3] as number)) / 255);
    }
    return { width, height, data, cut };
  });
type Bytes = { readonly width: number; readonly height: number; readonly data: Uint8Array; readonly cut: Uint8Array };

/** Both pictures so many bytes behind where words begin. */
function toFrame({ width, height, data, cut }: Bytes, offset: number): Frame {
  const move = (bytes: Uint8Array): Picture => {
    const moved = new Uint8Array(bytes.length + offset).subarray(offset);
    moved.set(bytes);
    return createPicture(width, height, { data: moved });
  };
  return createFrame(move(data), cutSubject(move(cut)), allocateLocal);
}

function lightOf(frame: Frame): Light {
  return runPlan(planLight(frame, runPlan(planCells(frame)), runPlan(planGlare(frame)), 0.7));
}

/** The share of the subject in a cell's four pixels; those beyond the picture are its last. */
function sharesOf({ width, height, data, cut }: Bytes, x: number, y: number): readonly number[] {
  return [0, 1, 2, 3].map((n) => {
    const [px, py] = [Math.min(x * 2 + (n & 1), width - 1), Math.min(y * 2 + (n >> 1), height - 1)];
    const at = (py * width + px) * 4 + 3;
    const [own, whole] = [cut[at] as number, data[at] as number];
    if (whole === 255 || own === 0) return own;
    return own >= whole ? 255 : Math.floor((own * 255) / whole + 0.5);
  });
}

test('cells know of all subject in and beside them, in runs as alone, wherever the bytes lie', () => {
  fc.assert(
    fc.property(anyFrame, fc.constantFrom(0, 4, 3), (bytes, offset) => {
      const frame = toFrame(bytes, offset);
      const cells: Cells = runPlan(planCells(frame));
      const { width, height } = sizeAt(frame, 1);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const own = sharesOf(bytes, x, y);
          const around = [-1, 0, 1].flatMap((dy) =>
            [-1, 0, 1].flatMap((dx) =>
              sharesOf(bytes, Math.max(0, Math.min(width - 1, x + dx)), Math.max(0, Math.min(height - 1, y + dy))),
            ),
          );
          const at = y * width + x;
          expect(cells.cover[at]).toBe((own.reduce((sum, share) => sum + share, 0) + 2) >> 2);
          expect(cells.active[at]).toBe(Math.min(...around) < SOLID ? 1 : 0);
          const most = Math.max(...around);
          expect(cells.weights[at]).toBe(Math.round(255 * Math.max(0, Math.min(1, (MIXED - most) / (MIXED - CLEAN)))));
        }
      }
    }),
  );
});

test('four pixels at once give the same light as one by one', () => {
  fc.assert(
    fc.property(anyFrame, (bytes) => {
      const [atOnce, oneByOne] = [lightOf(toFrame(bytes, 0)), lightOf(toFrame(bytes, 1))];
      expect(atOnce.levels.map(({ data }) => data)).toEqual(oneByOne.levels.map(({ data }) => data));
    }),
  );
});
