import { expect, test } from 'vitest';
import { hashPassword, isPassword } from './passwords.ts';

test('knows a password again by what is kept of it, and no other', async () => {
  const kept = await hashPassword('Käse-Igel 7');
  expect(kept).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  expect(await isPassword('Käse-Igel 7', kept)).toBe(true);
  expect(await isPassword('Käse-Igel 7'.normalize('NFD'), kept)).toBe(true);
  expect(await isPassword('Käse-Igel 8', kept)).toBe(false);
  expect(await isPassword('', kept)).toBe(false);
  expect(await isPassword('x'.repeat(100_000), kept)).toBe(false);
});

test('keeps the same password another way each time', async () => {
  expect(await hashPassword('123456')).not.toBe(await hashPassword('123456'));
});

test('reads the cost that a password was kept with', async () => {
  const [kind, , ...rest] = (await hashPassword('123456')).split('$');
  expect(await isPassword('123456', [kind, '1024', ...rest].join('$'))).toBe(false);
});

test.each(['', '12345', 'x'.repeat(201)])('refuses %j as a password', async (password) => {
  await expect(hashPassword(password)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('6 to 200 characters'),
  });
});
