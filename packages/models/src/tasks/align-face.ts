import { type Affine, type FacePoints, type Picture, type Point, warpPicture } from '@focal/core';

/** Where the five points shall lie in a square crop, in fractions of its side. */
export type FaceTemplate = FacePoints;

/**
 * dlib's mean face (Boost licence): the means of its eye points, the tip of the nose and the corners of the mouth, in
 * fractions of the square from the brows to the chin.
 */
const MEAN_FACE: FaceTemplate = {
  rightEye: { x: 0.225492, y: 0.21599 },
  leftEye: { x: 0.754762, y: 0.21599 },
  nose: { x: 0.490127, y: 0.515625 },
  mouthRight: { x: 0.254149, y: 0.780233 },
  mouthLeft: { x: 0.726104, y: 0.780233 },
};

/**
 * The mean face with so much of its side as a border on each side, then moved down by so much of the whole square.
 * dlib's chips have a border of .25.
 */
export function createFaceTemplate(padding: number, down = 0): FaceTemplate {
  const pad = ({ x, y }: Point): Point => ({
    x: (x + padding) / (1 + 2 * padding),
    y: (y + padding) / (1 + 2 * padding) + down,
  });
  const { rightEye, leftEye, nose, mouthRight, mouthLeft } = MEAN_FACE;
  return {
    rightEye: pad(rightEye),
    leftEye: pad(leftEye),
    nose: pad(nose),
    mouthRight: pad(mouthRight),
    mouthLeft: pad(mouthLeft),
  };
}

/** A face as a square of `side` pixels, with its five points as near to the template's as turning and scaling can. */
export function alignFace(picture: Picture, points: FacePoints, template: FaceTemplate, side: number): Picture {
  return warpPicture(picture, fitTemplate(picture, points, template, side), side, side);
}

/** The map that {@link alignFace} reads by: from pixels of the crop to those of the picture. */
export function fitTemplate(
  { width, height }: Pick<Picture, 'width' | 'height'>,
  points: FacePoints,
  template: FaceTemplate,
  side: number,
): Affine {
  const names = ['rightEye', 'leftEye', 'nose', 'mouthRight', 'mouthLeft'] as const;
  return fitSimilarity(
    names.map((name) => ({ x: template[name].x * side, y: template[name].y * side })),
    names.map((name) => ({ x: points[name].x * width, y: points[name].y * height })),
  );
}

/**
 * The turn, scale and shift that take `from` to `to` with the least squared error (Umeyama 1991, "Least-squares
 * estimation of transformation parameters between two point patterns", in the plane, without mirroring). Of points that
 * all fall together the scale is that of one pixel.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Affine {
  const a = meanOf(from);
  const b = meanOf(to);
  let dot = 0;
  let cross = 0;
  let spread = 0;
  from.forEach((point, i) => {
    const px = point.x - a.x;
    const py = point.y - a.y;
    const qx = (to[i] as Point).x - b.x;
    const qy = (to[i] as Point).y - b.y;
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
    spread += px * px + py * py;
  });
  const isFlat = Math.hypot(dot, cross) < 1e-9 || spread < 1e-9;
  const xx = isFlat ? 1 : dot / spread;
  const yx = isFlat ? 0 : cross / spread;
  return { xx, xy: -yx, x0: b.x - xx * a.x + yx * a.y, yx, yy: xx, y0: b.y - yx * a.x - xx * a.y };
}

function meanOf(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const point of points) {
    x += point.x / points.length;
    y += point.y / points.length;
  }
  return { x, y };
}
