import { createPicture, type Picture } from '@focal/core';

/** Quarter turns clockwise, in degrees. */
export type Rotation = 0 | 90 | 180 | 270;

/** The picture turned clockwise, then mirrored left to right. The picture itself where nothing changes. */
export function turnPicture(picture: Picture, rotation: Rotation, flip = false): Picture {
  if (rotation === 0 && !flip) return picture;
  const { width, height, colorSpace } = picture;
  const isAcross = rotation === 90 || rotation === 270;
  const turned = createPicture(isAcross ? height : width, isAcross ? width : height, { colorSpace });
  const from = new Uint32Array(picture.data.buffer, picture.data.byteOffset, width * height);
  const to = new Uint32Array(turned.data.buffer, turned.data.byteOffset, width * height);
  const across = turned.width;
  for (let y = 0, i = 0; y < height; y++) {
    // Where the first pixel of the row goes, and the step from one pixel of it to the next.
    let [tx, ty, stepX, stepY] = [0, y, 1, 0];
    if (rotation === 90) [tx, ty, stepX, stepY] = [height - 1 - y, 0, 0, 1];
    else if (rotation === 180) [tx, ty, stepX, stepY] = [width - 1, height - 1 - y, -1, 0];
    else if (rotation === 270) [tx, ty, stepX, stepY] = [y, width - 1, 0, -1];
    if (flip) [tx, stepX] = [across - 1 - tx, -stepX];
    const step = stepY * across + stepX;
    for (let x = 0, o = ty * across + tx; x < width; x++, i++, o += step) to[o] = from[i] as number;
  }
  return turned;
}
