import {
  type Box,
  clampBox,
  createMatte,
  type Matte,
  type Picture,
  resizeMatte,
  resizePicture,
  type Subject,
} from '@focal/core';
import type { RunOptions } from '../ports.ts';
import { readCells } from './people/cells.ts';
import { claimPixels, lookAtPerson, mendByMatte, type PeopleSessions } from './people/claim.ts';
import { tellApart } from './people/compete.ts';
import { createCanvas } from './people/looks.ts';
import { createPyramid } from './people/pyramid.ts';
import { shareOut } from './people/share-out.ts';
import { toShape } from './people/subject.ts';

export type { PeopleSessions } from './people/claim.ts';

/** A person to be cut out. */
export interface PersonBox {
  /** In fractions of the picture; may reach outside. */
  readonly box: Box;
  /** 0..1. */
  readonly score: number;
  readonly faceIds?: readonly string[];
  /** Boxes of those faces, which are this person's whatever the models say. */
  readonly heads?: readonly Box[];
  /** The box was worked out from the face only: how far the person reaches is left to the pose model. */
  readonly isGuess?: boolean;
}

export interface SegmentPeopleOptions extends RunOptions {
  /** What stands out in the whole picture: sharpens the people's mattes where it shows the same people. */
  readonly matte?: Matte;
  /** The picture reduced, its shape kept or not, where the caller has it: large ones take a while to reduce. */
  readonly reduced?: Picture;
}

/** Long sides, in pixels, of the picture that the models look at, and of the one that people are told apart in. */
const LOOK_LONG_SIDE = 1024;
const GRID_LONG_SIDE = 512;

/**
 * Each person with a matte of their own, largest first. People who overlap do not claim the same pixels: alphas of a
 * pixel add up to 255 at most. Persons of whom nothing can be seen are left out; none given, none found. Mattes are as
 * fine as a picture of 512 pixels on its long side. Some 80 ms a person on one thread. The sessions stay the caller's.
 * Rejects with `aborted`.
 */
export async function segmentPeople(
  sessions: PeopleSessions,
  picture: Picture,
  persons: readonly PersonBox[],
  options: SegmentPeopleOptions = {},
): Promise<readonly Subject[]> {
  const { matte, reduced, ...runOptions } = options;
  const there = persons
    .map((person) => ({ ...person, box: clampBox(person.box) }))
    .filter(({ box }) => box.width > 0 && box.height > 0);
  if (there.length === 0) return [];
  const largest = reduced ?? shrink(picture, picture, LOOK_LONG_SIDE);
  const grid = shrink(picture, largest, GRID_LONG_SIDE);
  const look = createPyramid(picture.width / picture.height, [largest, grid]);
  const cells = readCells(grid);
  const lookOptions = { ...runOptions, canvas: createCanvas() };
  const sights = [];
  for (const person of there) sights.push(await lookAtPerson(sessions, look, grid, person, lookOptions));
  const claims = claimPixels(grid, cells, sights);
  const agreed = matte === undefined ? claims : mendByMatte(grid, claims, matte);
  const alphas = shareOut(agreed, tellApart(cells, agreed), grid.width, grid.height);
  return there
    .flatMap(({ score, faceIds = [] }, i) => {
      const claim = agreed[i];
      const alpha = alphas[i];
      const shape = claim && alpha && toShape(grid, claim.area, alpha);
      return shape === undefined ? [] : [{ score, faceIds, ...shape }];
    })
    .sort((a, b) => b.pixels - a.pixels)
    .map(({ score, faceIds, region, anchor }, i) => ({
      id: `person-${i + 1}`,
      kind: 'person',
      label: 'person',
      score,
      box: region.box,
      anchor,
      matte: region,
      faceIds,
    }));
}

/** Weight of the picture's matte in {@link personSceneMatte}. */
const SCENE_MATTE_WEIGHT = 0.3;

/**
 * All people of a scene as one matte of the picture, of the given size: the sum of their own mattes, with the
 * picture's matte, where there is one, weighing .3. Better than the picture's matte alone where several people, or small ones, are to
 * be kept.
 */
export function personSceneMatte(
  people: readonly Subject[],
  width: number,
  height: number,
  options: { readonly matte?: Matte } = {},
): Matte {
  const sum = new Uint8ClampedArray(width * height);
  for (const { matte: region } of people) {
    const left = Math.round(region.box.x * width);
    const top = Math.round(region.box.y * height);
    const across = Math.max(1, Math.round((region.box.x + region.box.width) * width) - left);
    const down = Math.max(1, Math.round((region.box.y + region.box.height) * height) - top);
    const { data } = resizeMatte(region.matte, across, down);
    for (let y = 0; y < Math.min(down, height - top); y++) {
      for (let x = 0; x < Math.min(across, width - left); x++) {
        const at = (y + top) * width + x + left;
        sum[at] = (sum[at] as number) + (data[y * across + x] as number);
      }
    }
  }
  if (options.matte === undefined) return createMatte(width, height, { data: sum });
  const { data } = resizeMatte(options.matte, width, height);
  const mixed = sum.map((alpha, i) =>
    Math.round((1 - SCENE_MATTE_WEIGHT) * alpha + SCENE_MATTE_WEIGHT * (data[i] as number)),
  );
  return createMatte(width, height, { data: mixed });
}

/** A reduction of the picture, made from another one of any shape. */
function shrink({ width, height }: Picture, from: Picture, longSide: number): Picture {
  const scale = Math.min(1, longSide / Math.max(width, height));
  const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  if (across === from.width && down === from.height) return from;
  return resizePicture(from, across, down, { filter: 'area' });
}
