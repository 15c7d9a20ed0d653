import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../../async/plan.ts';
import { createMatte } from '../../picture/matte.ts';
import { allocateLocal, createPicture } from '../../picture/picture.ts';
import { planCells } from './cells.ts';
import { createFrame, seenSubject, shareAt, sizeAt } from './frame.ts';

const bytes = (length: number) =>
  fc.array(fc.oneof(fc.constantFrom(0, 255), fc.integer({ min: 0, max: 255 })), {
    minLength: length,
    maxLength: length,
  });
const seen = fc
  .record({ width: fc.integer({ min: 1, max: 37 }), height: fc.integer({ min: 1, max: 6 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      alpha: bytes(width * height),
      whole: bytes(width * height),
    }),
  );

describe('planCells', () => {
  it('means the share of the subject in what is there of each pixel, also where the picture is transparent', () => {
    fc.assert(
      fc.property(seen, ({ width, height, alpha, whole }) => {
        const picture = createPicture(width, height);
        for (const [i, value] of whole.entries()) picture.data[i * 4 + 3] = value;
        const subject = seenSubject(picture, createMatte(width, height, { data: Uint8Array.from(alpha) }));
        const frame = createFrame(picture, subject, allocateLocal);
        const cells = runPlan(planCells(frame));
        const size = sizeAt(frame, 1);
        for (const [i, mean] of cells.cover.entries()) {
          const [x, y] = [(i % size.width) * 2, Math.floor(i / size.width) * 2];
          const four = [y, Math.min(y + 1, height - 1)].flatMap((row) =>
            [x, Math.min(x + 1, width - 1)].map((column) => shareAt(subject, picture, row * width + column)),
          );
          expect(mean).toBe((four.reduce((sum, share) => sum + share, 2) / 4) | 0);
        }
      }),
    );
  });
});
