import {
  absoluteBox,
  alphaAt,
  type Box,
  boxArea,
  boxIou,
  clampBox,
  createMatte,
  cutInBox,
  type DetectedObject,
  deepestPoint,
  type Matte,
  type Picture,
  type RegionMatte,
  regionArea,
  relativeBox,
  resizeMatte,
  resizePicture,
  type Subject,
  toRegionMatte,
} from '@focal/core';

/** Room around the detected box, as a share of its sides: background that GrabCut learns from. */
const ROOM = 0.25;
/** Long side in pixels of what is cut. */
const SIDE = 128;
const HALF = 128;
/** The matte draws the thing where what it has in the box spans the box at least so well (IoU). */
const SPANS = 0.6;
/** Share of the box that people cover from which on the thing is worn or held, and may have their pixels. */
const HELD = 0.6;
/** Share of its box that a thing fills at least. */
const LEAST_FILLED = 0.08;
/** Boxes reach over the matte's edges by this share of their sides. */
const SLACK = 0.04;

/**
 * The things among what the detector found, each with its own matte: the part of the picture's `matte` in the box where
 * the two agree, else GrabCut in the box, else an ellipse in it. Pixels of `people`, and of smaller things in front, are not theirs,
 * unless people cover the box: what is worn or held keeps its own. Largest matte first; ids such as `dog-1`.
 * Each thing takes 2 ms by the matte, some tens of ms by GrabCut, whatever the picture's size.
 */
export function segmentThings(
  picture: Picture,
  objects: readonly DetectedObject[],
  matte: Matte | undefined,
  people: readonly Subject[],
): readonly Subject[] {
  const things = objects
    .filter(({ label, box }) => label !== 'person' && boxArea(clampBox(box)) > 0)
    .sort((a, b) => boxArea(a.box) - boxArea(b.box));
  const taken: RegionMatte[] = people.map((person) => person.matte);
  const found: { object: DetectedObject; region: RegionMatte }[] = [];
  for (const object of things) {
    const region = segmentThing(picture, clampBox(object.box), matte, taken, people);
    taken.push(region);
    found.push({ object, region });
  }
  const numbers = new Map<string, number>();
  return found
    .map(({ object, region }) => ({ object, region, area: regionArea(region) }))
    .sort((a, b) => b.area - a.area)
    .map(({ object, region }) => {
      const number = (numbers.get(object.label) ?? 0) + 1;
      numbers.set(object.label, number);
      return {
        id: `${object.label.replaceAll(' ', '-')}-${number}`,
        kind: 'object',
        label: object.label,
        score: object.score,
        box: region.box,
        anchor: deepestPoint(region),
        matte: region,
        faceIds: [],
      };
    });
}

function segmentThing(
  picture: Picture,
  box: Box,
  matte: Matte | undefined,
  taken: readonly RegionMatte[],
  people: readonly Subject[],
): RegionMatte {
  const around = clampBox(widen(box, ROOM));
  const crop = cropTo(picture, around);
  const { width, height } = crop;
  const inner = relativeBox(box, around);
  const persons = paint(
    people.map((person) => person.matte),
    around,
    width,
    height,
  );
  const isHeld = meanWithin(persons, inner) > HELD * 255;
  const others = isHeld
    ? paint(taken.slice(people.length), around, width, height)
    : paint(taken, around, width, height);
  const byMatte = matte === undefined ? undefined : fromMatte(matte, around, inner, others);
  const drawn = byMatte ?? withoutOthers(cutInBox(crop, widen(inner, SLACK), { avoid: others }), others);
  const least = LEAST_FILLED * boxArea(inner);
  const region = toRegionMatte(drawn);
  const kept =
    region !== undefined && regionArea(region) >= least
      ? region
      : (toRegionMatte(drawEllipse(inner, width, height)) as RegionMatte);
  return { box: clampBox(absoluteBox(kept.box, around)), matte: kept.matte };
}

/** What the matte has in the box, where that spans the box. */
function fromMatte(matte: Matte, around: Box, inner: Box, others: Matte): Matte | undefined {
  const region = {
    x: around.x * matte.width,
    y: around.y * matte.height,
    width: around.width * matte.width,
    height: around.height * matte.height,
  };
  const part = resizeMatte(matte, others.width, others.height, { region });
  const clipped = withoutOthers(clip(part, widen(inner, SLACK)), others);
  const found = toRegionMatte(clipped);
  return found !== undefined && boxIou(found.box, inner) >= SPANS ? clipped : undefined;
}

/** The part of the picture in the box, reduced. */
function cropTo(picture: Picture, box: Box): Picture {
  const region = {
    x: box.x * picture.width,
    y: box.y * picture.height,
    width: box.width * picture.width,
    height: box.height * picture.height,
  };
  const scale = Math.min(1, SIDE / Math.max(region.width, region.height));
  const width = Math.max(1, Math.round(region.width * scale));
  const height = Math.max(1, Math.round(region.height * scale));
  return resizePicture(picture, width, height, { region });
}

/** The regions as one matte of the part of the picture in the box. */
function paint(regions: readonly RegionMatte[], around: Box, width: number, height: number): Matte {
  const painted = createMatte(width, height);
  for (const region of regions) {
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const alpha = alphaAt(region, {
          x: around.x + (around.width * (x + 0.5)) / width,
          y: around.y + (around.height * (y + 0.5)) / height,
        });
        if (alpha > (painted.data[i] as number)) painted.data[i] = alpha;
      }
    }
  }
  return painted;
}

/** The matte with what others have taken away. */
function withoutOthers(matte: Matte, others: Matte): Matte {
  const data = Uint8Array.from(matte.data, (value, i) => Math.min(value, 255 - (others.data[i] as number)));
  return createMatte(matte.width, matte.height, { data });
}

function clip(matte: Matte, box: Box): Matte {
  return mapPixels(matte, (value, x, y) => (isWithin(box, x, y) ? value : 0));
}

function meanWithin(matte: Matte, box: Box): number {
  let sum = 0;
  let count = 0;
  mapPixels(matte, (value, x, y) => {
    if (!isWithin(box, x, y)) return 0;
    sum += value;
    count++;
    return 0;
  });
  return count === 0 ? 0 : sum / count;
}

function drawEllipse(box: Box, width: number, height: number): Matte {
  const drawn = mapPixels(createMatte(width, height), (_, x, y) => {
    const u = ((x - box.x) / box.width) * 2 - 1;
    const v = ((y - box.y) / box.height) * 2 - 1;
    return u * u + v * v <= 1 ? 255 : 0;
  });
  // A box thinner than a pixel holds no pixel's centre.
  return drawn.data.some((value) => value >= HALF) ? drawn : mapPixels(drawn, () => 255);
}

/** A new matte; places are given in fractions, pixels' centres. */
function mapPixels(matte: Matte, map: (value: number, x: number, y: number) => number): Matte {
  const { width, height } = matte;
  const result = createMatte(width, height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      result.data[i] = map(matte.data[i] as number, (x + 0.5) / width, (y + 0.5) / height);
    }
  }
  return result;
}

function isWithin(box: Box, x: number, y: number): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

function widen({ x, y, width, height }: Box, share: number): Box {
  return {
    x: x - width * share,
    y: y - height * share,
    width: width * (1 + 2 * share),
    height: height * (1 + 2 * share),
  };
}
