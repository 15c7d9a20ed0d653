import { clampBox, type DetectedObject, type Picture, type Region, throwIfAborted, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { mirrorRows } from './mirror.ts';
import { COCO_NAMES } from './objects/coco-names.ts';
import { fuseViews, suppress } from './objects/merge.ts';
import { CELLS, type ClassBox, findPeaks, INPUT_SIDE } from './objects/peaks.ts';
import { takeFloats } from './outputs.ts';

export interface FindObjectsOptions extends RunOptions {
  /** `fast`: one look. `quality`: a second look, mirrored and stretched to the square; twice the time. Default `fast`. */
  readonly effort?: 'fast' | 'quality';
  /** One threshold for all classes instead of each its own, 0..1: low ones give candidates, to measure by. */
  readonly minScore?: number;
}

/** What the detector must be sure of at least: .25, and less where its scores for a class are known to be low. */
const THRESHOLD = 0.25;
// Best F1 on the even photos of 64 of COCO's val2017, drawn towards the common one the more, the fewer there are; for
// people, the lowest at which 85 % are right.
const THRESHOLDS: ReadonlyMap<string, number> = new Map([
  ['person', 0.21],
  ['cup', 0.235],
  ['chair', 0.23],
  ['car', 0.235],
  ['sheep', 0.225],
  ['tv', 0.23],
]);
/** Nothing less sure is looked at. */
const LEAST = 0.03;

/** Things in photos whose shorter side has at least so many pixels are looked for in four overlapping tiles too. */
const TILED_SIDE_PX = 1800;
/** A tile's side as a share of the photo's: tiles overlap by a quarter of their side. */
const TILE_SHARE = 4 / 7;
/** Things in tiles are kept up to this share of the tile's area: larger ones are seen better in the whole photo. */
const TILE_MOST = 0.25;
/** What is only seen in a tile is less often right. */
const TILE_TRUST = 0.8;
/** A box that ends so near to an inner edge of its tile, as a share of the tile, was cut by it. */
const TILE_EDGE = 0.01;

/** One look of the detector. */
interface View {
  readonly fit: 'letterbox' | 'stretch';
  readonly isMirrored: boolean;
}

// Measured: these two see more together than either, and more than with the same shape twice.
const PLAIN: View = { fit: 'letterbox', isMirrored: false };
const SECOND: View = { fit: 'stretch', isMirrored: true };

/**
 * The things and people of COCO's 80 kinds in a picture, surest first; an empty list where there are none. Some 80 ms
 * of one processor a look; photos whose shorter side is 1800 pixels or more take four more, for what is small in them. The session is that of
 * `centernet` and stays the caller's. Throws `aborted` between looks.
 *
 * @example
 * const objects = await findObjects(session, picture);
 * objects[0] // { label: 'dog', score: 0.81, box: { x: 0.1, y: 0.4, width: 0.3, height: 0.5 } }
 */
export async function findObjects(
  session: Session,
  picture: Picture,
  options: FindObjectsOptions = {},
): Promise<readonly DetectedObject[]> {
  const { effort = 'fast', minScore, ...runOptions } = options;
  const first = await look(session, picture, PLAIN, undefined, runOptions);
  const whole =
    effort === 'fast'
      ? suppress(first)
      : fuseViews([first, await look(session, picture, SECOND, undefined, runOptions)]);
  const found = suppress([...whole, ...(await lookInTiles(session, picture, runOptions))]);
  return found.flatMap(({ classIndex, score, box }) => {
    const label = COCO_NAMES[classIndex] ?? '';
    const inside = clampBox(box);
    const isKept = score >= (minScore ?? THRESHOLDS.get(label) ?? THRESHOLD) && inside.width > 0 && inside.height > 0;
    return isKept ? [{ label, score, box: inside }] : [];
  });
}

/** What is found in the tiles of a large photo, in fractions of the photo. */
async function lookInTiles(session: Session, picture: Picture, options: RunOptions): Promise<readonly ClassBox[]> {
  const { width, height } = picture;
  if (Math.min(width, height) < TILED_SIDE_PX) return [];
  const found: ClassBox[] = [];
  const [tileWidth, tileHeight] = [Math.round(width * TILE_SHARE), Math.round(height * TILE_SHARE)];
  for (const x of [0, width - tileWidth]) {
    for (const y of [0, height - tileHeight]) {
      const region = { x, y, width: tileWidth, height: tileHeight };
      const boxes = await look(session, picture, PLAIN, region, options);
      for (const { classIndex, score, box } of boxes) {
        const isCut =
          (x > 0 && box.x < TILE_EDGE) ||
          (y > 0 && box.y < TILE_EDGE) ||
          (x === 0 && box.x + box.width > 1 - TILE_EDGE) ||
          (y === 0 && box.y + box.height > 1 - TILE_EDGE);
        if (isCut || box.width * box.height > TILE_MOST) continue;
        found.push({
          classIndex,
          score: score * TILE_TRUST,
          box: {
            x: (x + box.x * tileWidth) / width,
            y: (y + box.y * tileHeight) / height,
            width: (box.width * tileWidth) / width,
            height: (box.height * tileHeight) / height,
          },
        });
      }
    }
  }
  return suppress(found);
}

/** What one look finds, in fractions of the picture or of the region. */
async function look(
  session: Session,
  picture: Picture,
  { fit, isMirrored }: View,
  region: Region | undefined,
  runOptions: RunOptions,
): Promise<readonly ClassBox[]> {
  throwIfAborted(runOptions.signal);
  const { data: plain, content } = toTensor(picture, INPUT_SIDE, INPUT_SIDE, {
    fit,
    layout: 'nhwc',
    scale: [1, 1, 1],
    ...(region === undefined ? {} : { region }),
  });
  const data = isMirrored ? mirrorRows(plain, INPUT_SIDE, 3) : plain;
  const [input] = session.inputNames;
  const feeds = {
    [input ?? 'tower_0/images']: { type: 'float32', data, dims: [1, INPUT_SIDE, INPUT_SIDE, 3] },
  } as const;
  const outputs = await session.run(feeds, runOptions);
  const classes = COCO_NAMES.length;
  const scores = takeFloats(outputs, 'tower_0/keypoints', CELLS * CELLS * classes);
  const sides = takeFloats(outputs, 'tower_0/wh', CELLS * CELLS * 4);
  const place = isMirrored ? { ...content, x: INPUT_SIDE - content.x - content.width } : content;
  const boxes = findPeaks(scores, sides, classes, LEAST, place);
  if (!isMirrored) return boxes;
  return boxes.map((each) => ({ ...each, box: { ...each.box, x: 1 - each.box.x - each.box.width } }));
}
