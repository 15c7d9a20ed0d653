import type { AssetSummary } from '../api/types.ts';

/** Photos and videos that stand together below a title, such as those of a month. Immutable. */
export interface Section {
  readonly key: string;
  /** Empty: none. */
  readonly title: string;
  /** How many there are, as far as is known; the first of them may be loaded. */
  readonly count: number;
  readonly assets: readonly AssetSummary[];
}

const MONTHS = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** `2023-07` for people. */
export function toMonthTitle(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, number - 1, 1);
  return MONTHS.format(date);
}

/** `2023-07` of the clock of the place. */
export function toMonth(sortTime: number): string {
  return new Date(sortTime).toISOString().slice(0, -17);
}

/** In one section for each run of a month. */
export function groupByMonth(assets: readonly AssetSummary[]): readonly Section[] {
  const sections: { key: string; title: string; count: number; assets: AssetSummary[] }[] = [];
  for (const asset of assets) {
    const key = toMonth(asset.sortTime);
    const last = sections.at(-1);
    if (last?.key === key) {
      last.assets.push(asset);
      last.count++;
    } else sections.push({ key, title: toMonthTitle(key), count: 1, assets: [asset] });
  }
  return sections;
}

/** Where one is; undefined where it is not loaded. */
export function findAsset(
  sections: readonly Section[],
  id: number,
): { readonly section: number; readonly index: number } | undefined {
  for (const [section, { assets }] of sections.entries()) {
    const index = assets.findIndex((asset) => asset.id === id);
    if (index >= 0) return { section, index };
  }
  return undefined;
}

/** Sections with some of their photos changed, or left out where `change` gives undefined. */
export function mapAssets(
  sections: readonly Section[],
  ids: ReadonlySet<number>,
  change: (asset: AssetSummary) => AssetSummary | undefined,
): readonly Section[] {
  return sections.flatMap((section) => {
    if (!section.assets.some(({ id }) => ids.has(id))) return section;
    const assets = section.assets.flatMap((asset) => (ids.has(asset.id) ? (change(asset) ?? []) : asset));
    const count = section.count - (section.assets.length - assets.length);
    return count === 0 ? [] : { ...section, count, assets };
  });
}
