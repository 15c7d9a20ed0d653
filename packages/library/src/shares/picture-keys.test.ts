import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPictureKeys } from './picture-keys.ts';

const keys = createPictureKeys('one');
const others = createPictureKeys('other');

test('leads back to the photo within one share, and nowhere within another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (id) => {
      const key = keys.toKey(id);
      expect(key).toMatch(/^[\w-]{22}$/);
      expect(keys.fromKey(key)).toBe(id);
      expect(others.fromKey(key)).toBeUndefined();
    }),
  );
});

test('takes nothing that was made up', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String({ minLength: 20, maxLength: 24 })), (text) => {
      expect(keys.fromKey(text)).toBeUndefined();
    }),
  );
  expect(keys.fromKey('1')).toBeUndefined();
});
