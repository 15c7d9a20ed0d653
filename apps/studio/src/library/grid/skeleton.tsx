import type { ReactNode } from 'react';
import { countPerRow, type GridSizes, type LaidSection } from './layout.ts';

/** Widths of a row's empty tiles, as shares that add up to the row. */
const SHAPES = [1.1, 0.9, 1.2, 0.8, 1, 1.05, 0.95];

/** Stands for photos that are being loaded. */
export function Skeleton({
  laid: { section, top, restTop, width },
  sizes,
  from,
  to,
}: {
  readonly laid: LaidSection;
  readonly sizes: GridSizes;
  /** What part of the page is drawn. */
  readonly from: number;
  readonly to: number;
}) {
  const unknown = section.count - section.assets.length;
  if (unknown <= 0) return null;
  const { rowHeight, gap } = sizes;
  const perRow = width < sizes.width ? unknown : countPerRow(sizes);
  const step = rowHeight + gap;
  const rows = Math.ceil(unknown / perRow);
  const first = Math.max(0, Math.floor((from - top - restTop) / step));
  const last = Math.min(rows - 1, Math.ceil((to - top - restTop) / step));
  const tiles: ReactNode[] = [];
  for (let row = first; row <= last; row++) {
    const count = Math.min(perRow, unknown - row * perRow);
    const shares = Array.from({ length: perRow }, (_, i) => SHAPES[(row * 3 + i) % SHAPES.length] ?? 1);
    const sum = shares.reduce((all, share) => all + share, 0);
    let x = 0;
    for (const [i, share] of shares.slice(0, count).entries()) {
      const tileWidth = (share / sum) * (width - gap * (perRow - 1));
      const transform = `translate(${x}px, ${restTop + row * step}px)`;
      tiles.push(
        <span key={`${row}-${i}`} className="tile-empty" style={{ transform, width: tileWidth, height: rowHeight }} />,
      );
      x += tileWidth + gap;
    }
  }
  return <div aria-hidden="true">{tiles}</div>;
}
