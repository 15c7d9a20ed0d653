import { expect, test } from 'vitest';
import { showText } from './show-text.ts';

test('what could act on a terminal is escaped, all else stays', () => {
  expect(showText('a\nb\rc\td\0e\x1b[31m\x7f\x9b')).toBe('a\\nb\\rc\\td\\x00e\\x1b[31m\\x7f\\x9b');
  expect(showText('gpj.\u202e photo\u2028')).toBe('gpj.\\u202e photo\\u2028');
  const plain = 'Größe 日本 👩‍👩‍👧 عربي C:\\new\\table.jpg';
  expect(showText(plain)).toBe(plain);
});
