import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedPart, moveBefore } from './move-in-album.ts';

test.each([
  [[3], 1, [3, 1, 2, 4]],
  [[1, 4], 3, [2, 1, 4, 3]],
  [[1], undefined, [2, 3, 4, 1]],
  [[2, 3], 3, undefined],
  [[1], 2, undefined],
  [[4], undefined, undefined],
  [[1], 9, undefined],
] as const)('%j before %j', (moved, before, order) => {
  expect(moveBefore([1, 2, 3, 4], new Set(moved), before)).toEqual(order);
});

test('nothing is lost, and all but the moved keep their order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50), { minLength: 1 }), fc.array(fc.nat(50)), fc.nat(50), (ids, some, before) => {
      const moved = new Set(some.filter((id) => ids.includes(id)));
      const after = moveBefore(ids, moved, ids.includes(before) ? before : undefined) ?? ids;
      expect([after.length, new Set(after)]).toEqual([ids.length, new Set(ids)]);
      expect(after.filter((id) => !moved.has(id))).toEqual(ids.filter((id) => !moved.has(id)));
      const part = changedPart(ids, after);
      // Those first, then the others in the order that they had.
      expect([...part, ...ids.filter((id) => !part.includes(id))]).toEqual(after);
    }),
  );
});
