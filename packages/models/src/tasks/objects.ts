import { clampBox, type DetectedObject, type FocusSight, type Picture, type ThreadCache } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { COCO_NAMES } from './objects/coco-names.ts';
import { boxesOf, type DetectorLook, lookOnce, PLAIN_VIEW, type View } from './objects/look.ts';
import { fuseViews, suppress } from './objects/merge.ts';
import type { ClassBox } from './objects/peaks.ts';

export interface FindObjectsOptions extends RunOptions {
  /** For pictures one after another, such as a video's. */
  readonly cache?: ThreadCache;
  /** `fast`: one look. `quality`: a second look, mirrored and stretched to the square; twice the time. Default `fast`. */
  readonly effort?: 'fast' | 'quality';
  /** What the detector gave for the picture as it is, where the caller ran it. */
  readonly first?: DetectorLook;
  /** The picture reduced, its shape kept: what is looked at as a whole. Large ones take a while to reduce. */
  readonly reduced?: Picture;
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

// Measured: the two views see more together than either, and more than with the same shape twice.
const SECOND_VIEW: View = { fit: 'stretch', isMirrored: true };

/**
 * The things and people of COCO's 80 kinds in a picture, surest first; an empty list where there are none. Some 80 ms
 * of one processor a look; photos whose shorter side is 1800 pixels or more take four more, for what is small in them. The session is that of
 * `centernet` and stays the caller's; where it is to be loaded, that is only done for looks beside the `first`. Throws `aborted` between looks.
 *
 * @example
 * const objects = await findObjects(session, picture);
 * objects[0] // { label: 'dog', score: 0.81, box: { x: 0.1, y: 0.4, width: 0.3, height: 0.5 } }
 */
export async function findObjects(
  detector: Session | (() => Promise<Session>),
  picture: Picture,
  options: FindObjectsOptions = {},
): Promise<readonly DetectedObject[]> {
  const { effort = 'fast', minScore, first, reduced = picture, ...runOptions } = options;
  const load = typeof detector === 'function' ? detector : async () => detector;
  const look = async (view: View) => boxesOf(await lookOnce(await load(), reduced, view, runOptions), LEAST);
  const plain = first === undefined ? await look(PLAIN_VIEW) : boxesOf(first, LEAST);
  const whole = effort === 'fast' ? suppress(plain) : fuseViews([plain, await look(SECOND_VIEW)]);
  const found = suppress([...whole, ...(await lookInTiles(load, picture, runOptions))]);
  return found.flatMap(({ classIndex, score, box }) => {
    const label = COCO_NAMES[classIndex] ?? '';
    const inside = clampBox(box);
    const isKept = score >= (minScore ?? THRESHOLDS.get(label) ?? THRESHOLD) && inside.width > 0 && inside.height > 0;
    return isKept ? [{ label, score, box: inside }] : [];
  });
}

/**
 * The same in a frame, with what the detector made of it on the way: for a session that keeps a subject in focus. With
 * `isAnySize` for a session of {@link loadFrameDetector}, which sees no borders and is done sooner: 16:9 in half the time.
 */
export async function seeFrame(
  session: Session,
  frame: Picture,
  { isAnySize = false, ...options }: RunOptions & { readonly cache?: ThreadCache; readonly isAnySize?: boolean } = {},
): Promise<FocusSight> {
  const view: View = { ...PLAIN_VIEW, ...(isAnySize && { fit: 'trim' }), withFeatures: true };
  const first = await lookOnce(session, frame, view, options);
  const detections = await findObjects(session, frame, { ...options, first });
  return { detections, ...(first.features !== undefined && { features: first.features }) };
}

/** What is found in the tiles of a large photo, in fractions of the photo. */
async function lookInTiles(
  load: () => Promise<Session>,
  picture: Picture,
  options: RunOptions & { readonly cache?: ThreadCache },
): Promise<readonly ClassBox[]> {
  const { width, height } = picture;
  if (Math.min(width, height) < TILED_SIDE_PX) return [];
  const session = await load();
  const found: ClassBox[] = [];
  const [tileWidth, tileHeight] = [Math.round(width * TILE_SHARE), Math.round(height * TILE_SHARE)];
  for (const x of [0, width - tileWidth]) {
    for (const y of [0, height - tileHeight]) {
      const region = { x, y, width: tileWidth, height: tileHeight };
      const boxes = boxesOf(await lookOnce(session, picture, { ...PLAIN_VIEW, region }, options), LEAST);
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
