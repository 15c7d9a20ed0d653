import { describe, expect, it } from 'vitest';
import { giveIslands, NOBODY } from './islands.ts';

/** Owners as text: a digit for each pixel, a dot where it is nobody's. */
function toOwners(rows: readonly string[]): Int16Array {
  return Int16Array.from(rows.join(''), (letter) => (letter === '.' ? NOBODY : Number(letter)));
}

function give(rows: readonly string[], kept: readonly number[] = []): { rows: readonly string[]; given: number } {
  const owners = toOwners(rows);
  const width = rows[0]?.length ?? 0;
  const sure = new Uint8Array(owners.length);
  for (const i of kept) sure[i] = 1;
  const given = giveIslands(owners, sure, width, rows.length);
  const letters = [...owners].map((owner) => (owner === NOBODY ? '.' : `${owner}`)).join('');
  return { rows: rows.map((_, y) => letters.slice(y * width, (y + 1) * width)), given: given.length };
}

describe('giveIslands', () => {
  it('gives an island to the one in whom it lies', () => {
    const { rows, given } = give(['000011', '010011', '000011', '000011']);
    expect(rows).toEqual(['000011', '000011', '000011', '000011']);
    expect(given).toBe(1);
  });

  it('leaves what borders mostly on nobody, and what is large beside its owner', () => {
    const far = ['11000.0', '11000..', '11000..'];
    expect(give(far).rows).toEqual(far);
    const halves = ['110011', '110011'];
    expect(give(halves).rows).toEqual(halves);
  });

  it('leaves an island that is its owner’s for sure', () => {
    const rows = ['000011', '010011', '000011', '000011'];
    expect(give(rows, [7])).toEqual({ rows, given: 0 });
  });

  it('does not join rows over the border of the picture', () => {
    // The last pixel of the first row and the first one of the second follow each other in memory.
    const { rows } = give(['00001', '10000', '10000', '10000', '11111', '11111']);
    expect(rows[0]).toBe('00000');
  });
});
