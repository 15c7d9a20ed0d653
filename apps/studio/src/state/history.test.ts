import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHistory, endGesture, type History, pushState, redo, undo } from './history.ts';

const build = (values: readonly number[]): History<number> =>
  values.reduce((history, value, i) => pushState(history, value, `change ${i}`, i), createHistory(0));

describe('history', () => {
  it('goes back through every step and forth again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 40 }), (values) => {
        let history = build(values);
        for (const expected of [0, ...values].slice(0, -1).reverse()) {
          history = undo(history);
          expect(history.present).toBe(expected);
        }
        for (const expected of values) {
          history = redo(history);
          expect(history.present).toBe(expected);
        }
      }),
    );
  });

  it('makes one step of a slider that is dragged', () => {
    let history = createHistory(0);
    for (let i = 1; i <= 50; i++) history = pushState(history, i, 'set radius', i * 16);
    expect(history.past).toEqual([0]);
    expect(undo(history).present).toBe(0);
  });

  it('makes one step of a drag on a machine so slow that seconds lie between', () => {
    let history = createHistory(0);
    for (let i = 1; i <= 5; i++) history = pushState(history, i, 'set radius', i * 3_000, true);
    expect(history.past).toEqual([0]);
  });

  it('makes a step of every change that belongs to no gesture, however quick', () => {
    const first = pushState(createHistory(0), 1, '', 0);
    expect(pushState(first, 2, '', 10, true).past).toEqual([0, 1]);
  });

  it('makes two steps of two drags, and of one slider touched again later', () => {
    const first = pushState(createHistory(0), 1, 'set radius', 0);
    expect(pushState(endGesture(first), 2, 'set radius', 10).past).toEqual([0, 1]);
    expect(pushState(first, 2, 'set radius', 5_000).past).toEqual([0, 1]);
    expect(pushState(first, 2, 'set ground', 10).past).toEqual([0, 1]);
  });

  it('forgets what was undone once something new is done', () => {
    const history = pushState(undo(build([1, 2])), 9, 'other', 99);
    expect(redo(history).present).toBe(9);
  });

  it('keeps a limited number of steps', () => {
    expect(build(Array.from({ length: 500 }, (_, i) => i)).past.length).toBe(200);
  });
});
