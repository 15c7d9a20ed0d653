import { fitSize } from '../../picture/fit-size.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import type { Picture } from '../../picture/picture.ts';
import { resizeMatte, resizePicture } from '../../picture/resize.ts';
import { type Box, clampBox, type Point } from '../../scene/geometry.ts';
import { BACKGROUND, grabCut, MAYBE_BACKGROUND, MAYBE_SUBJECT, OTHER, prepareCut, SUBJECT } from './grabcut.ts';
import { growSubject } from './grow.ts';
import { softenCut } from './soften.ts';

/** Long side of the picture that is cut, and of the matte that comes of it. */
const CUT_SIDE = 200;
const MATTE_SIDE = 320;
/** Growing cuts several times over, on a smaller picture. */
const GROW_SIDE = 104;
/** Log odds in nats of what is surely subject by the evidence. */
const EVIDENCE = 3;
/** Share of the box on each side within which it is surely not all subject. */
const BOX_CORE = 0.2;

/**
 * The subject in a box that was drawn loosely around it, with GrabCut: a matte of the whole picture, 320 pixels on its long
 * side or fewer, empty outside of the box. `avoid`, a matte of the whole picture, marks what is surely not the subject.
 * Some 60 ms at 1 MP.
 */
export function cutInBox(picture: Picture, box: Box, options: { readonly avoid?: Matte } = {}): Matte {
  const view = reduce(picture, MATTE_SIDE);
  const small = reduce(view, CUT_SIDE);
  const { width, height } = small;
  const trimap = new Uint8Array(width * height);
  const { x, y, width: across, height: down } = clampBox(box);
  const avoid = options.avoid === undefined ? undefined : resizeMatte(options.avoid, width, height);
  const prior = new Float32Array(width * height);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      // Where in the box the pixel's centre lies, 0..1 each way.
      const u = across > 0 ? ((column + 0.5) / width - x) / across : -1;
      const v = down > 0 ? ((row + 0.5) / height - y) / down : -1;
      if (u < 0 || u > 1 || v < 0 || v > 1) continue;
      const inner = Math.min(u, 1 - u, v, 1 - v);
      trimap[i] = avoid !== undefined && (avoid.data[i] as number) >= 128 ? OTHER : MAYBE_SUBJECT;
      prior[i] = Math.min(BOX_CORE, inner) / BOX_CORE;
    }
  }
  const { sides } = grabCut(prepareCut(small.data, width, height), trimap, { prior });
  return keepWhere(softenCut(sides, width, height, view), box);
}

/**
 * The subject of a trimap with GrabCut: 255 is surely subject, 0 surely not, above and below one half likely so or not. A
 * matte of the whole picture, 320 pixels on its long side or fewer.
 */
export function cutByTrimap(picture: Picture, trimap: Matte): Matte {
  const view = reduce(picture, MATTE_SIDE);
  const small = reduce(view, CUT_SIDE);
  const { width, height } = small;
  const known = resizeMatte(trimap, width, height).data;
  const labels = Uint8Array.from(known, (value) =>
    value === 0 ? BACKGROUND : value === 255 ? SUBJECT : value >= 128 ? MAYBE_SUBJECT : MAYBE_BACKGROUND,
  );
  const { sides } = grabCut(prepareCut(small.data, width, height), labels);
  return softenCut(sides, width, height, view);
}

/**
 * The subject at a point, grown from there (see {@link growSubject}): a matte of the whole picture, 320 pixels on its long side
 * or fewer. `evidence`, a matte of the whole picture, says what else speaks for the subject: below one half against it.
 * Some 100 ms.
 */
export function cutAtPoint(picture: Picture, point: Point, options: { readonly evidence?: Matte } = {}): Matte {
  const view = reduce(picture, MATTE_SIDE);
  const small = reduce(view, GROW_SIDE);
  const { width, height } = small;
  const start = { x: toPixel(point.x, width), y: toPixel(point.y, height) };
  const evidence =
    options.evidence === undefined
      ? {}
      : {
          evidence: Float32Array.from(
            resizeMatte(options.evidence, width, height).data,
            (value) => (value / 127.5 - 1) * EVIDENCE,
          ),
        };
  const sides = growSubject(prepareCut(small.data, width, height), start, evidence);
  return softenCut(sides, width, height, view);
}

function toPixel(share: number, length: number): number {
  return Math.min(length - 1, Math.max(0, Math.floor(share * length)));
}

function reduce(picture: Picture, side: number): Picture {
  if (Math.max(picture.width, picture.height) <= side) return picture;
  const { width, height } = fitSize(picture, side);
  return resizePicture(picture, width, height);
}

function keepWhere(matte: Matte, box: Box): Matte {
  const { width, height } = matte;
  const left = Math.floor(box.x * width);
  const right = Math.ceil((box.x + box.width) * width);
  const top = Math.floor(box.y * height);
  const bottom = Math.ceil((box.y + box.height) * height);
  const kept = createMatte(width, height);
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, right); x++) {
      kept.data[y * width + x] = matte.data[y * width + x] as number;
    }
  }
  return kept;
}
