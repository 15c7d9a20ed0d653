import { type Box, createPicture, type Picture } from '@focal/core';
import sharp, { type Sharp } from 'sharp';
import type { TrueFace } from './face-sets.ts';

/** A photo with its marked faces, in pixels. */
export interface MarkedPicture {
  readonly picture: Picture;
  readonly faces: readonly TrueFace[];
}

/** Turned clockwise, with black corners. The faces' boxes keep their sizes and stay upright. */
export async function turn({ picture, faces }: MarkedPicture, degrees: number): Promise<MarkedPicture> {
  const turned = await toPicture(toSharp(picture).rotate(degrees, { background: '#000' }));
  const along = Math.cos((degrees * Math.PI) / 180);
  const across = Math.sin((degrees * Math.PI) / 180);
  return {
    picture: turned,
    faces: moveFaces(faces, 1, (x, y) => {
      const dx = x - picture.width / 2;
      const dy = y - picture.height / 2;
      return [along * dx - across * dy + turned.width / 2, across * dx + along * dy + turned.height / 2];
    }),
  };
}

/** Shrunk, in the middle of as much black as makes it as large as before. */
export async function shrink({ picture, faces }: MarkedPicture, scale: number): Promise<MarkedPicture> {
  const width = Math.round(picture.width * scale);
  const height = Math.round(picture.height * scale);
  const left = (picture.width - width) >> 1;
  const top = (picture.height - height) >> 1;
  const small = await toSharp(picture).resize(width, height, { fit: 'fill' }).png().toBuffer();
  const around = { width: picture.width, height: picture.height, channels: 4, background: '#000' } as const;
  return {
    picture: await toPicture(sharp({ create: around }).composite([{ input: small, left, top }])),
    faces: moveFaces(faces, scale, (x, y) => [x * scale + left, y * scale + top]),
  };
}

/** With a mask drawn over the lower half of each face, from ear to ear and around the chin. */
export async function cover({ picture, faces }: MarkedPicture): Promise<MarkedPicture> {
  const masks = faces.map(({ box: { x, y, width: w, height: h } }) => {
    const [left, right] = [x - 0.03 * w, x + 1.03 * w];
    const [top, side, chin] = [y + 0.5 * h, y + 0.8 * h, y + 1.08 * h];
    const middle = x + w / 2;
    const path = `M${left} ${top} Q${middle} ${top - 0.04 * h} ${right} ${top} L${right} ${side} Q${right - 0.1 * w} ${chin} ${middle} ${chin} Q${left + 0.1 * w} ${chin} ${left} ${side} Z`;
    const folds = [0.62, 0.74, 0.86].map(
      (at) => `M${left + 0.05 * w} ${y + at * h} Q${middle} ${y + (at + 0.03) * h} ${right - 0.05 * w} ${y + at * h}`,
    );
    return `<path d="${path}" fill="#9fc3d6"/><path d="${folds.join(' ')}" fill="none" stroke="#86abc0" stroke-width="${h / 60}"/>`;
  });
  const { width, height } = picture;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${masks.join('')}</svg>`;
  return { picture: await toPicture(toSharp(picture).composite([{ input: Buffer.from(svg) }])), faces };
}

function moveFaces(
  faces: readonly TrueFace[],
  scale: number,
  move: (x: number, y: number) => readonly [x: number, y: number],
): readonly TrueFace[] {
  return faces.map(({ box, optional }) => {
    const [x, y] = move(box.x + box.width / 2, box.y + box.height / 2);
    const width = box.width * scale;
    const height = box.height * scale;
    return { box: { x: x - width / 2, y: y - height / 2, width, height } satisfies Box, optional };
  });
}

function toSharp({ width, height, data }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels: 4 } });
}

async function toPicture(image: Sharp): Promise<Picture> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data });
}
