import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeIssue } from './describe-issue.ts';

const schema = z.strictObject({
  list: z.array(z.number()).max(2).optional(),
  share: z.number().min(0).max(1).optional(),
  name: z.string().min(1).max(4).optional(),
});

describe('what is wrong with a value', () => {
  it.each([
    [{ list: [1, 2, 3] }, 'expected at most 2 entries, got 3'],
    [{ share: 7 }, 'expected at most 1, got 7'],
    [{ share: -7 }, 'expected at least 0, got -7'],
    [{ share: Number.NaN }, 'expected number, got NaN'],
    [{ name: 'abcde' }, 'expected at most 4 characters, got 5'],
    [{ name: 5 }, 'expected string, got 5'],
    [{ list: 'x'.repeat(100) }, `expected array, got "${'x'.repeat(58)}…`],
    [{ other: 1 }, 'there is no other'],
  ])('says of %j what was expected and what came', (raw, said) => {
    const { error } = schema.safeParse(raw);
    expect(describeIssue(error?.issues[0], raw)).toBe(said);
  });

  it('says so of lists in lists without end', () => {
    let deep: unknown[] = [];
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(describeIssue(schema.safeParse({ name: deep }).error?.issues[0], { name: deep })).toBe(
      'expected string, got a list that cannot be written',
    );
  });
});
