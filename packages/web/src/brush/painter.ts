import { coverRow, createMatte, type Matte, paintOver, type Stroke, type StrokeInPixels, toPixels } from '@focal/core';

/** A brush as a stroke begins. */
export interface Brush {
  readonly mode: 'add' | 'remove';
  /** As a share of the photo's long side. */
  readonly radius: number;
  readonly softness: number;
}

/** How a selection is shown: as a tint on it, by black around it, or only what the stroke under way covers. */
export type SelectionStyle = 'tint' | 'black' | 'stroke';

/** Pixels that changed, the ends not among them. */
export interface Dirty {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** RGBA of the tint, over the photo: far from skin, hair and most of what grows. */
const TINT = [32, 96, 255] as const;
const TINT_SHARE = 0.48;

interface Drawn extends Brush {
  readonly number: number;
  readonly points: Stroke['points'][number][];
}

/** A selection as pixels to be laid over the photo, and the strokes that are painted into it. */
export interface Painter {
  /** RGBA, straight alpha, of the selection's size. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** Shows another selection, which holds all strokes up to that number; later ones are painted over it again. */
  setSelection(matte: Matte, upTo: number): void;
  setStyle(style: SelectionStyle): void;
  begin(number: number, brush: Brush): void;
  /** Goes on with the stroke under way: with the bytes that it will have once it is one of the photo's corrections. */
  extend(points: Stroke['points']): Dirty | undefined;
  /** Ends it: it stays until a selection holds it, or goes. */
  end(isKept: boolean): void;
}

// [Note: painting a selection] A stroke has to be seen at once, while edges of the whole selection take longer. So a thread
// of its own paints it over the selection that was shown last, with the mathematics of the correction that it becomes, and
// only where the newest piece of the stroke reaches. Strokes are numbered: whatever selection comes back later says which
// ones it holds, and those that came after are painted over it.

export function createPainter(): Painter {
  let base = createMatte(1, 1);
  /** The selection with the strokes that are over and not in it yet. */
  let alpha = base.data;
  let cover = new Uint8Array(1);
  let pixels = new Uint8ClampedArray(4);
  let style: SelectionStyle = 'tint';
  let waiting: Drawn[] = [];
  let live: Drawn | undefined;

  const drawPixels = ({ left, top, right, bottom }: Dirty): void => {
    const { width } = base;
    for (let y = top; y < bottom; y++) {
      for (let i = y * width + left, end = y * width + right; i < end; i++) {
        const covered = cover[i] as number;
        const value = alpha[i] as number;
        const shown = live === undefined || covered === 0 ? value : paintOver(value, covered, live.mode);
        const o = i * 4;
        if (style === 'black') pixels[o + 3] = 255 - shown;
        else pixels[o + 3] = (style === 'tint' ? shown : covered) * TINT_SHARE;
      }
    }
  };
  const fillColor = (): void => {
    const [r, g, b] = style === 'black' ? [0, 0, 0] : TINT;
    for (let o = 0; o < pixels.length; o += 4) {
      pixels[o] = r;
      pixels[o + 1] = g;
      pixels[o + 2] = b;
    }
  };
  const drawAll = (): void => drawPixels({ left: 0, top: 0, right: base.width, bottom: base.height });

  /** The rows that a stroke covers, into `cover`, and what they bound. */
  const coverBy = (stroke: StrokeInPixels): Dirty | undefined => {
    const { width, height } = base;
    const reach = Math.max(...stroke.radii) + 1;
    const ys = stroke.points.filter((_, i) => i % 2 === 1);
    const top = Math.max(0, Math.floor(Math.min(...ys) - reach));
    const bottom = Math.min(height, Math.ceil(Math.max(...ys) + reach));
    let [left, right] = [width, 0];
    for (let y = top; y < bottom; y++) {
      const [from, to] = coverRow(stroke, y, cover.subarray(y * width, (y + 1) * width));
      if (from >= to) continue;
      left = Math.min(left, from);
      right = Math.max(right, to);
    }
    return left < right ? { left, top, right, bottom } : undefined;
  };
  const clearCover = (stroke: StrokeInPixels): Dirty | undefined => {
    const dirty = coverBy(stroke);
    if (dirty === undefined) return undefined;
    const { width } = base;
    for (let y = dirty.top; y < dirty.bottom; y++) cover.fill(0, y * width + dirty.left, y * width + dirty.right);
    return dirty;
  };
  const paint = (mode: Brush['mode']): void => {
    for (let i = 0; i < alpha.length; i++) {
      const covered = cover[i] as number;
      if (covered > 0) alpha[i] = paintOver(alpha[i] as number, covered, mode);
    }
    cover.fill(0);
  };
  const toStroke = (drawn: Drawn, points: Stroke['points']): StrokeInPixels =>
    toPixels({ radius: drawn.radius, softness: drawn.softness, points }, base.width, base.height);

  return {
    get pixels() {
      return pixels;
    },
    get width() {
      return base.width;
    },
    get height() {
      return base.height;
    },
    setSelection(matte, upTo) {
      const isNewSize = matte.width !== base.width || matte.height !== base.height;
      base = matte;
      alpha = matte.data.slice();
      cover = new Uint8Array(alpha.length);
      if (isNewSize) {
        pixels = new Uint8ClampedArray(alpha.length * 4);
        fillColor();
      }
      waiting = waiting.filter(({ number }) => number > upTo);
      for (const drawn of waiting) {
        coverBy(toStroke(drawn, drawn.points));
        paint(drawn.mode);
      }
      if (live !== undefined && live.points.length > 0) coverBy(toStroke(live, live.points));
      drawAll();
    },
    setStyle(next) {
      style = next;
      fillColor();
      drawAll();
    },
    begin(number, brush) {
      live = { ...brush, number, points: [] };
    },
    extend(points) {
      if (live === undefined || points.length === 0) return undefined;
      const last = live.points.at(-1);
      // A lone point is a dot; once there are two, only the pieces between points count.
      const dot = live.points.length === 1 ? clearCover(toStroke(live, live.points)) : undefined;
      live.points.push(...points);
      const dirty = unite(coverBy(toStroke(live, last === undefined ? points : [last, ...points])), dot);
      if (dirty !== undefined) drawPixels(dirty);
      return dirty;
    },
    end(isKept) {
      if (live === undefined) return;
      if (isKept) {
        paint(live.mode);
        waiting.push(live);
      } else {
        cover.fill(0);
      }
      live = undefined;
      drawAll();
    },
  };
}

function unite(a: Dirty | undefined, b: Dirty | undefined): Dirty | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
