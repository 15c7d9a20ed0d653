import { createMatte, type Matte } from '../picture/matte.ts';
import type { RegionMatte } from '../scene/scene.ts';

/** Alpha from which on a pixel may belong to something. */
const FAINT = 24;
/** Parts below this share of the matte's area are noise. */
const LEAST_AREA = 0.0005;

/** The parts of a matte that do not touch each other, specks left out, each in its box. */
export function splitMatte({ width, height, data }: Matte): readonly RegionMatte[] {
  const part = new Int32Array(width * height);
  const stack = new Int32Array(width * height);
  const least = Math.max(1, LEAST_AREA * width * height);
  const parts: RegionMatte[] = [];
  let number = 0;
  for (let start = 0; start < part.length; start++) {
    if (part[start] !== 0 || (data[start] as number) < FAINT) continue;
    number++;
    let [left, top, right, bottom] = [width, height, 0, 0];
    let area = 0;
    let depth = 0;
    const push = (at: number) => {
      if (part[at] !== 0 || (data[at] as number) < FAINT) return;
      part[at] = number;
      stack[depth++] = at;
    };
    push(start);
    while (depth > 0) {
      const at = stack[--depth] as number;
      const x = at % width;
      const y = (at - x) / width;
      area++;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      if (x > 0) push(at - 1);
      if (x < width - 1) push(at + 1);
      if (y > 0) push(at - width);
      if (y < height - 1) push(at + width);
    }
    if (area < least) continue;
    const own = createMatte(right - left, bottom - top);
    for (let y = top, o = 0; y < bottom; y++) {
      for (let at = y * width + left, end = y * width + right; at < end; at++, o++) {
        if (part[at] === number) own.data[o] = data[at] as number;
      }
    }
    parts.push({
      box: { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height },
      matte: own,
    });
  }
  return parts;
}
