import type { Pass, Plan } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkShare, cutIntoChunks, leadWork, shareWork, stopWork, WORK_SHARE_BYTES } from './work-share.ts';

/** Each pass adds up the rows of the pass before, so that a barrier that leaks gives other sums. */
function createSummingPlan(rowCounts: readonly number[]): Plan<Float64Array> {
  const layers = [Float64Array.of(1), ...rowCounts.map((rows) => new Float64Array(rows))];
  const passes: Pass[] = rowCounts.map((rows, index) => ({
    name: `pass ${index}`,
    rows,
    run: (from, to) => {
      const before = layers[index] as Float64Array;
      const own = layers[index + 1] as Float64Array;
      const sum = before.reduce((total, value) => total + value, 0);
      for (let row = from; row < to; row++) own[row] = (own[row] as number) + sum + row;
    },
  }));
  return { passes, result: layers.at(-1) as Float64Array };
}

const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
const sizes = fc.integer({ min: 1, max: 12 });
const newShare = (mostRows: number) => createWorkShare(new SharedArrayBuffer(WORK_SHARE_BYTES), { parts: 1, mostRows });

describe('shared work', () => {
  it('cuts every row of every pass into exactly one chunk', () => {
    fc.assert(
      fc.property(shapes, sizes, sizes, (rowCounts, mostRows, parts) => {
        const chunks = cutIntoChunks(createSummingPlan(rowCounts), { mostRows, parts });
        for (const [index, rows] of rowCounts.entries()) {
          const own = chunks.filter((chunk) => chunk.pass === index);
          expect(own.length).toBeLessThanOrEqual(Math.max(parts, Math.ceil(rows / mostRows)));
          expect(own[0]?.from).toBe(0);
          expect(own.at(-1)?.to).toBe(rows);
          expect(own.every((chunk, i) => i === 0 || chunk.from === own[i - 1]?.to)).toBe(true);
        }
      }),
    );
  });

  it('cuts passes of few rows for all threads too', () => {
    const chunks = cutIntoChunks(createSummingPlan([600, 2, 8]), { parts: 6, mostRows: Number.POSITIVE_INFINITY });
    expect([0, 1, 2].map((pass) => chunks.filter((chunk) => chunk.pass === pass).length)).toEqual([6, 2, 4]);
  });

  it('gives the same result for any size of chunks', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, sizes, async (rowCounts, chunkRows) => {
        const reference = createSummingPlan(rowCounts);
        for (const pass of reference.passes) pass.run(0, pass.rows);
        expect([...(await leadWork(createSummingPlan(rowCounts), newShare(chunkRows)))]).toEqual([...reference.result]);
      }),
    );
  });

  it('leaves nothing to do for a thread that comes late', async () => {
    const plan = createSummingPlan([4, 3]);
    const share = newShare(2);
    const result = [...(await leadWork(plan, share))];
    shareWork(plan, share);
    expect([...plan.result]).toEqual(result);
  });

  it('stops all threads and rejects when a pass throws', async () => {
    const failing: Plan<string> = {
      passes: [
        {
          name: 'fails',
          rows: 3,
          run: () => {
            throw new Error('broken');
          },
        },
      ],
      result: 'never',
    };
    const share = newShare(1);
    await expect(leadWork(failing, share)).rejects.toThrow('broken');
    const after = createSummingPlan([5]);
    shareWork(after, share);
    expect([...after.result]).toEqual([0, 0, 0, 0, 0]);
  });

  it('rejects where another thread failed', async () => {
    const share = newShare(1);
    stopWork(share);
    await expect(leadWork(createSummingPlan([2]), share)).rejects.toMatchObject({ code: 'internal' });
  });

  it('rejects with aborted between chunks', async () => {
    const controller = new AbortController();
    const pause = () => {
      controller.abort();
      return Promise.resolve();
    };
    const plan = createSummingPlan([4]);
    await expect(leadWork(plan, newShare(1), { signal: controller.signal, pause })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(plan.result[3]).toBe(0);
  });
});
