import type { Section } from '../list/section.ts';
import { toShownSize } from '../viewer/shown-size.ts';
import { justifyRows, type Row, toAspect } from './justify.ts';

export interface GridSizes {
  /** All in CSS pixels. */
  readonly width: number;
  readonly rowHeight: number;
  readonly gap: number;
  readonly titleHeight: number;
}

/** A section on the page. */
export interface LaidSection {
  readonly section: Section;
  readonly top: number;
  /** From the left of the page; short sections stand beside each other. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
  /** Of loaded photos; `top` from the top of the section. */
  readonly rows: readonly Row[];
  /** Width by height of loaded photos, as they are shown. */
  readonly aspects: readonly number[];
  /** From the top of the section: where the room of photos that are not loaded begins. */
  readonly restTop: number;
}

type LaidShape = Omit<LaidSection, 'section' | 'top' | 'left'>;

export interface GridLayout {
  readonly sizes: GridSizes;
  readonly sections: readonly LaidSection[];
  readonly height: number;
}

/** Width by height of photos whose shape is not known yet. */
const USUAL_ASPECT = 1.4;
const BELOW_SECTION = 20;
/** Between sections that stand beside each other. */
const BESIDE_SECTION = 20;
/** Room for a title. */
const LEAST_WIDTH = 172;

/** Lays sections below each other; sections that did not change are not laid again. */
export function createGridLayouter(): (sections: readonly Section[], sizes: GridSizes) => GridLayout {
  let known = new WeakMap<Section, LaidShape>();
  let last: GridSizes | undefined;
  return (sections, sizes) => {
    if (last === undefined || !isSame(last, sizes)) known = new WeakMap();
    last = sizes;
    const laid: LaidSection[] = [];
    let line = { top: 0, left: 0, height: 0 };
    for (const section of sections) {
      const shape = known.get(section) ?? laySection(section, sizes);
      known.set(section, shape);
      const isBeside = line.left > 0 && line.left + shape.width <= sizes.width;
      if (!isBeside) line = { top: line.top + line.height, left: 0, height: 0 };
      laid.push({ section, top: line.top, left: line.left, ...shape });
      line = {
        ...line,
        left: line.left + shape.width + BESIDE_SECTION,
        height: Math.max(line.height, shape.height),
      };
    }
    return { sizes, sections: laid, height: line.top + line.height };
  };
}

function isSame(a: GridSizes, b: GridSizes): boolean {
  return a.width === b.width && a.rowHeight === b.rowHeight && a.titleHeight === b.titleHeight && a.gap === b.gap;
}

function laySection(section: Section, sizes: GridSizes): LaidShape {
  const { width, rowHeight, gap } = sizes;
  const start = section.title === '' ? 0 : sizes.titleHeight;
  const aspects = section.assets.map((asset) => toAspect(toShownSize(asset)));
  const rows = justifyRows(aspects, { width, height: rowHeight, gap }).map((row) => ({
    ...row,
    top: row.top + start,
  }));
  const last = rows.at(-1);
  const restTop = last === undefined ? start : last.top + last.height + gap;
  const unknown = section.count - section.assets.length;
  const restRows = unknown > 0 ? Math.ceil(unknown / countPerRow(sizes)) : 0;
  return {
    rows,
    aspects,
    restTop,
    width: section.title === '' ? width : findWidth(aspects, unknown, sizes),
    height: restTop + restRows * (rowHeight + gap) + BELOW_SECTION,
  };
}

/** What a section takes of the width: all of it, unless its photos fill less than a row. */
function findWidth(aspects: readonly number[], unknown: number, { width, rowHeight, gap }: GridSizes): number {
  if (aspects.length + unknown > countPerRow({ width, rowHeight, gap, titleHeight: 0 })) return width;
  const shapes = aspects.reduce((sum, aspect) => sum + aspect, 0) + unknown * USUAL_ASPECT;
  const taken = shapes * rowHeight + gap * (aspects.length + unknown - 1);
  return Math.min(width, Math.max(LEAST_WIDTH, taken));
}

export function countPerRow({ width, rowHeight, gap }: GridSizes): number {
  return Math.max(1, Math.floor((width + gap) / (rowHeight * USUAL_ASPECT + gap)));
}

/** Index of the section at a height of the page; the last that begins above it. */
export function findSectionAt(layout: GridLayout, y: number): number {
  let [low, high] = [0, layout.sections.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((layout.sections[middle]?.top ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Rows of a section between two heights of the page. */
export function rowsBetween({ rows, top }: LaidSection, from: number, to: number): readonly Row[] {
  return rows.filter((row) => top + row.top + row.height >= from && top + row.top <= to);
}

/** Where a photo stands, on the page. */
export function boxAt(
  layout: GridLayout,
  section: number,
  index: number,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | undefined {
  const laid = layout.sections[section];
  const row = laid?.rows.find(({ from, to }) => index >= from && index < to);
  if (laid === undefined || row === undefined) return undefined;
  const aspects = laid.aspects.slice(row.from, index + 1);
  const width = (aspects.at(-1) ?? 1) * row.height;
  const before = aspects.slice(0, -1).reduce((sum, aspect) => sum + aspect * row.height + layout.sizes.gap, 0);
  return { x: laid.left + before, y: laid.top + row.top, width, height: row.height };
}

/** The photo in the row above or below that is nearest; undefined at the ends and where nothing is loaded. */
export function findVertically(
  layout: GridLayout,
  at: { readonly section: number; readonly index: number },
  by: 1 | -1,
): { readonly section: number; readonly index: number } | undefined {
  const box = boxAt(layout, at.section, at.index);
  const laid = layout.sections[at.section];
  if (box === undefined || laid === undefined) return undefined;
  const rowIndex = laid.rows.findIndex(({ from, to }) => at.index >= from && at.index < to) + by;
  const within = laid.rows[rowIndex];
  const rows = within === undefined ? rowsOfLine(layout, at.section, by) : [{ section: at.section, row: within }];
  const middle = box.x + box.width / 2;
  let best: { readonly section: number; readonly index: number; readonly distance: number } | undefined;
  for (const { section, row } of rows) {
    for (let index = row.from; index < row.to; index++) {
      const other = boxAt(layout, section, index);
      if (other === undefined) continue;
      const distance = Math.abs(other.x + other.width / 2 - middle);
      if (best === undefined || distance < best.distance) best = { section, index, distance };
    }
  }
  return best === undefined ? undefined : { section: best.section, index: best.index };
}

/** Rows that are nearest in the sections below or above. */
function rowsOfLine(
  { sections }: GridLayout,
  from: number,
  by: 1 | -1,
): readonly { readonly section: number; readonly row: Row }[] {
  const start = sections[from]?.top;
  let at = from;
  while (sections[at] !== undefined && sections[at]?.top === start) at += by;
  const top = sections[at]?.top;
  const rows: { section: number; row: Row }[] = [];
  for (; top !== undefined && sections[at]?.top === top; at += by) {
    const row = by === 1 ? sections[at]?.rows[0] : sections[at]?.rows.at(-1);
    if (row !== undefined) rows.push({ section: at, row });
  }
  return rows;
}
