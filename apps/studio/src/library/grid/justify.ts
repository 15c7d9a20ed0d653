export interface Row {
  /** Index of its first picture, and of the first that is not in it. */
  readonly from: number;
  readonly to: number;
  /** CSS pixels below the first row. */
  readonly top: number;
  readonly height: number;
}

/** Shapes beyond these are cut to them, so that a panorama leaves room for others. */
const [NARROWEST, WIDEST] = [0.45, 3.2];

export const toAspect = ({ width, height }: { readonly width: number; readonly height: number }): number =>
  Math.min(WIDEST, Math.max(NARROWEST, width / Math.max(1, height)));

/**
 * Rows that fill a width, of pictures in their order and shape, as close to a height as they can be. The last row is not
 * stretched.
 *
 * @param aspects width by height of each picture
 * @param width, gap, height CSS pixels
 */
export function justifyRows(
  aspects: readonly number[],
  options: { readonly width: number; readonly height: number; readonly gap: number },
): readonly Row[] {
  const { width, height: wanted, gap } = options;
  const rows: Row[] = [];
  let [from, sum, top] = [0, 0, 0];
  const end = (to: number, height: number): void => {
    rows.push({ from, to, top, height });
    top += height + gap;
    from = to;
  };
  const heightOf = (count: number, aspectSum: number): number => (width - gap * (count - 1)) / aspectSum;
  for (const [index, aspect] of aspects.entries()) {
    const count = index - from;
    const [without, with_] = [heightOf(count, sum), heightOf(count + 1, sum + aspect)];
    if (with_ > wanted) {
      sum += aspect;
    } else if (count > 0 && without - wanted < wanted - with_) {
      // One picture fewer comes closer to the height.
      end(index, without);
      sum = aspect;
      if (heightOf(1, aspect) <= wanted) {
        end(index + 1, heightOf(1, aspect));
        sum = 0;
      }
    } else {
      end(index + 1, with_);
      sum = 0;
    }
  }
  if (from < aspects.length) end(aspects.length, Math.min(wanted, heightOf(aspects.length - from, sum)));
  return rows;
}
