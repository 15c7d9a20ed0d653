import { createMatte, type Matte } from '../picture/matte.ts';
import { resizeMatte } from '../picture/resize.ts';
import { clampBox } from '../scene/geometry.ts';
import type { Face, RegionMatte } from '../scene/scene.ts';

/** Long side of mattes that are put together of parts. */
const SIDE = 1024;

/** One matte of the whole picture out of parts: where they meet they add up. `aspect` is width by height. */
export function joinRegions(regions: readonly RegionMatte[], aspect: number): Matte {
  const joined = createCanvas(aspect);
  const { width, height } = joined;
  for (const { box, matte } of regions) {
    const left = Math.max(0, Math.min(width - 1, Math.round(box.x * width)));
    const top = Math.max(0, Math.min(height - 1, Math.round(box.y * height)));
    const right = Math.max(left + 1, Math.min(width, Math.round((box.x + box.width) * width)));
    const bottom = Math.max(top + 1, Math.min(height, Math.round((box.y + box.height) * height)));
    const part = resizeMatte(matte, right - left, bottom - top);
    for (let y = 0, i = 0; y < part.height; y++) {
      for (let x = 0, o = (top + y) * width + left; x < part.width; x++, i++, o++) {
        const sum = (joined.data[o] as number) + (part.data[i] as number);
        joined.data[o] = sum > 255 ? 255 : sum;
      }
    }
  }
  return joined;
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
