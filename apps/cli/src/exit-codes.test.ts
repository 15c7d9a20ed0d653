import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodes } from './exit-codes.ts';

test('docs/cli.md lists the exit codes as they are', () => {
  const docs = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  for (const { code, means } of exitCodes) expect(docs).toContain(`| ${code} | ${means} |`);
});
