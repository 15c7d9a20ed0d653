import { cutInBox } from '../../matte/grabcut/subject-cut.ts';
import { fitSize } from '../../picture/fit-size.ts';
import type { Picture } from '../../picture/picture.ts';
import { resizePicture } from '../../picture/resize.ts';
import { type Box, relativeBox } from '../../scene/geometry.ts';
import { areaAround, type Grid, toArea, toGrid, toRegion } from './view.ts';

/** Long side of what GrabCut sees; with less it loses legs, with more it takes long. */
const SIDE = 200;
const ROOM = 0.2;
/** Where less or more of the box than this is cut out, nothing was told apart, and the ellipse in the box stands in. */
const LEAST_FILL = 0.15;
const MOST_FILL = 0.95;
const ELLIPSE = 0.75;

/** The subject in a box of which no model knows more, by GrabCut around the box: 0..1 on a grid. Some 100 ms. */
export function cutFirstMask(frame: Picture, box: Box): Grid {
  const region = toRegion(frame, areaAround(frame, box, ROOM));
  const area = toArea(frame, region);
  const size = fitSize(region, SIDE);
  const crop = resizePicture(frame, size.width, size.height, { region });
  const inner = relativeBox(box, area);
  const cut = toGrid(cutInBox(crop, inner), area);
  const { width, height, values } = cut;
  const fill = values.reduce((sum, share) => sum + share, 0) / Math.max(1, values.length * inner.width * inner.height);
  if (fill < LEAST_FILL || fill > MOST_FILL) drawEllipse(values, width, height, inner);
  return cut;
}

function drawEllipse(values: Float32Array, width: number, height: number, box: Box): void {
  for (let y = 0; y < height; y++) {
    const v = (((y + 0.5) / height - box.y) / box.height - 0.5) * 2;
    for (let x = 0; x < width; x++) {
      const u = (((x + 0.5) / width - box.x) / box.width - 0.5) * 2;
      values[y * width + x] = u * u + v * v < 1 ? ELLIPSE : 0;
    }
  }
}
