import { describe, expect, it } from 'vitest';
import type { AssetSummary } from '../api/types.ts';
import { groupByMonth, mapAssets, type Section } from '../list/section.ts';
import { boxAt, countPerRow, createGridLayouter, findSectionAt, findVertically, rowsBetween } from './layout.ts';

const sizes = { width: 1000, rowHeight: 200, gap: 4, titleHeight: 40 };

function photo(id: number, aspect = 1.5): AssetSummary {
  return {
    id,
    kind: 'photo',
    width: 1000 * aspect,
    height: 1000,
    sortTime: 0,
    isFavourite: false,
    rating: 0,
    isIndexed: true,
    version: 'a',
  };
}

const section = (key: string, count: number, assets: readonly AssetSummary[]): Section => ({
  key,
  title: key,
  count,
  assets,
});

describe('the layout of the grid', () => {
  const loaded = section(
    '2024-02',
    6,
    [1, 2, 3, 4, 5, 6].map((id) => photo(id)),
  );
  const far = section('2024-01', 5000, []);
  const lay = createGridLayouter();
  const layout = lay([loaded, far], sizes);

  it('keeps room for what is not loaded', () => {
    const [first, second] = layout.sections;
    expect(second?.top).toBe(first?.height);
    const rows = Math.ceil(5000 / countPerRow(sizes));
    expect(second?.height).toBeGreaterThan(rows * 200);
    expect(layout.height).toBe((first?.height ?? 0) + (second?.height ?? 0));
  });

  it('finds sections and rows by their height', () => {
    const [first, second] = layout.sections;
    if (first === undefined || second === undefined) throw new Error('Two sections were laid.');
    expect(findSectionAt(layout, 0)).toBe(0);
    expect(findSectionAt(layout, second.top - 1)).toBe(0);
    expect(findSectionAt(layout, second.top)).toBe(1);
    expect(findSectionAt(layout, 1e9)).toBe(1);
    expect(rowsBetween(first, 0, 50)).toEqual([first.rows[0]]);
  });

  it('does not lay again what did not change', () => {
    const again = lay([loaded, { ...far, count: 10 }], sizes);
    expect(again.sections[0]?.rows).toBe(layout.sections[0]?.rows);
    expect(lay([loaded], { ...sizes, width: 500 }).sections[0]?.rows).not.toBe(layout.sections[0]?.rows);
  });

  it('goes up and down to what is nearest', () => {
    const wide = lay(
      [
        section(
          'a',
          7,
          [1, 2, 3, 4, 5, 6, 7].map((id) => photo(id)),
        ),
      ],
      sizes,
    );
    const perRow = wide.sections[0]?.rows[0]?.to ?? 0;
    const below = findVertically(wide, { section: 0, index: 1 }, 1);
    expect(below).toEqual({ section: 0, index: perRow + 1 });
    expect(findVertically(wide, { section: 0, index: perRow + 1 }, -1)).toEqual({ section: 0, index: 1 });
    expect(findVertically(wide, { section: 0, index: 0 }, -1)).toBeUndefined();
    const across = lay([loaded, section('b', 1, [photo(9)])], sizes);
    expect(findVertically(across, { section: 1, index: 0 }, -1)?.section).toBe(0);
    expect(boxAt(across, 1, 0)).toMatchObject({ x: 0, height: 200 });
  });

  it('puts short sections beside each other, as far as they fit', () => {
    const short = ['a', 'b', 'c', 'd'].map((key, id) => section(key, 1, [photo(id)]));
    const { sections } = lay([...short, loaded], sizes);
    const places = sections.map(({ top, left }) => [top === 0, left]);
    expect(places).toEqual([
      [true, 0],
      [true, 320],
      [true, 640],
      [false, 0],
      [false, 0],
    ]);
    for (const { left, width } of sections) expect(left + width).toBeLessThanOrEqual(sizes.width);
    expect(sections[4]?.top).toBeGreaterThan(sections[3]?.top ?? 0);
    const layout_ = lay([...short, loaded], sizes);
    expect(findVertically(layout_, { section: 3, index: 0 }, -1)).toEqual({ section: 0, index: 0 });
    expect(findVertically(layout_, { section: 2, index: 0 }, 1)).toEqual({ section: 3, index: 0 });
    expect(boxAt(layout_, 2, 0)).toMatchObject({ x: 640, y: 40 });
  });
});

describe('sections', () => {
  it('are made of months in their order', () => {
    const at = (id: number, date: string) => ({ ...photo(id), sortTime: Date.parse(date) });
    const sections = groupByMonth([at(1, '2024-02-29T23:59Z'), at(2, '2024-02-01T00:00Z'), at(3, '1969-12-31T10:00Z')]);
    expect(sections.map(({ key, count }) => [key, count])).toEqual([
      ['2024-02', 2],
      ['1969-12', 1],
    ]);
  });

  it('lose what is left out, and go when nothing is in them', () => {
    const sections = [section('a', 30, [photo(1), photo(2)]), section('b', 1, [photo(3)])];
    const left = mapAssets(sections, new Set([2, 3]), () => undefined);
    expect(left).toEqual([section('a', 29, [photo(1)])]);
    const liked = mapAssets(sections, new Set([3]), (asset) => ({ ...asset, isFavourite: true }));
    expect(liked[0]).toBe(sections[0]);
    expect(liked[1]?.assets[0]?.isFavourite).toBe(true);
  });
});
