import { createMatte, type Matte } from '../picture/matte.ts';
import { resizeMatte } from '../picture/resize.ts';
import { clampBox } from '../scene/geometry.ts';
import type { Face, RegionMatte } from '../scene/scene.ts';

/** Long side of mattes that are put together of parts. */
const SIDE = 1024;

// What a part claims of itself, 0..255, counts fully from the second number on, and not below the first.
const OWN_CLAIM = [120, 210] as const;
/** The same for parts that the scene's matte shows as well: its edges are finer. */
const SHOWN_CLAIM = [215, 250] as const;
/** The matte shows a part where it has this much of the part's surest pixels, 0..255. */
const SHOWN = 215;
/** Claims below this, 0..255, are none. */
const FAINT = 12;

export interface JoinOptions {
  /** All parts that there are, which the selected ones share the matte with. */
  readonly all: readonly RegionMatte[];
  /** The scene's matte, whose edges are finer than the parts' but which may lack some of them. */
  readonly matte: Matte | undefined;
  /** Width by height of the picture. */
  readonly aspect: number;
}

/**
 * One matte of the whole picture out of some of its parts. Each says roughly what is its own; the edges come from the
 * scene's matte, of which each gets its share, where that shows the part. What a part is sure of it keeps in any case.
 */
export function joinRegions(selected: readonly RegionMatte[], { all, matte, aspect }: JoinOptions): Matte {
  const joined = createCanvas(aspect);
  const { width, height, data } = joined;
  const fine = matte === undefined ? undefined : resizeMatte(matte, width, height);
  const total = new Uint16Array(data.length);
  const claims = new Map(all.map((part) => [part, place(part, width, height)]));
  for (const claim of claims.values()) eachPixel(claim, width, (i, value) => (total[i] = (total[i] as number) + value));
  for (const part of selected) {
    const claim = claims.get(part) ?? place(part, width, height);
    const isShown = fine !== undefined && showsPart(fine, claim);
    const [from, to] = isShown ? SHOWN_CLAIM : OWN_CLAIM;
    eachPixel(claim, width, (i, value) => {
      const sure = Math.min(1, Math.max(0, (value - from) / (to - from)));
      const share = isShown && value >= FAINT ? decide(value / Math.max(value, total[i] as number)) : 0;
      const alpha = Math.max(sure * value, share * (fine?.data[i] ?? 0));
      data[i] = Math.min(255, (data[i] as number) + Math.round(alpha));
    });
  }
  return joined;
}

/** Whose a pixel is that several claim: nearly all of it goes to the larger claim. Shares of two add up to 1. */
function decide(share: number): number {
  return Math.min(1, Math.max(0, (share - 0.4) / 0.2));
}

/** A part in the size that it has on the canvas. */
interface Claim {
  readonly left: number;
  readonly top: number;
  readonly part: Matte;
}

function place({ box, matte }: RegionMatte, width: number, height: number): Claim {
  const left = Math.max(0, Math.min(width - 1, Math.round(box.x * width)));
  const top = Math.max(0, Math.min(height - 1, Math.round(box.y * height)));
  const right = Math.max(left + 1, Math.min(width, Math.round((box.x + box.width) * width)));
  const bottom = Math.max(top + 1, Math.min(height, Math.round((box.y + box.height) * height)));
  return { left, top, part: resizeMatte(matte, right - left, bottom - top) };
}

function eachPixel({ left, top, part }: Claim, width: number, see: (index: number, value: number) => void): void {
  for (let y = 0, i = 0; y < part.height; y++) {
    for (let x = 0, o = (top + y) * width + left; x < part.width; x++, i++, o++) see(o, part.data[i] as number);
  }
}

function showsPart(fine: Matte, claim: Claim): boolean {
  let [sum, count] = [0, 0];
  eachPixel(claim, fine.width, (i, value) => {
    if (value < OWN_CLAIM[1]) return;
    sum += fine.data[i] as number;
    count += 1;
  });
  return count > 0 && sum / count >= SHOWN;
}

/** Ellipses in the boxes of faces, with hair and chin, soft at the rim. */
export function joinFaces(faces: readonly Face[], aspect: number): Matte {
  const joined = createCanvas(aspect);
  const { width, height } = joined;
  for (const { box } of faces) {
    const grown = clampBox({
      x: box.x - box.width * 0.15,
      y: box.y - box.height * 0.35,
      width: box.width * 1.3,
      height: box.height * 1.5,
    });
    const [cx, cy] = [(grown.x + grown.width / 2) * width, (grown.y + grown.height / 2) * height];
    const [rx, ry] = [Math.max(0.5, (grown.width / 2) * width), Math.max(0.5, (grown.height / 2) * height)];
    for (let y = Math.max(0, Math.floor(cy - ry)); y < Math.min(height, cy + ry); y++) {
      for (let x = Math.max(0, Math.floor(cx - rx)); x < Math.min(width, cx + rx); x++) {
        const far = Math.sqrt(((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2);
        const value = Math.round(255 * Math.min(1, Math.max(0, (1 - far) * 8)));
        const i = y * width + x;
        if (value > (joined.data[i] as number)) joined.data[i] = value;
      }
    }
  }
  return joined;
}

function createCanvas(aspect: number): Matte {
  const width = Math.max(1, Math.round(aspect >= 1 ? SIDE : SIDE * aspect));
  const height = Math.max(1, Math.round(aspect >= 1 ? SIDE / aspect : SIDE));
  return createMatte(width, height);
}
