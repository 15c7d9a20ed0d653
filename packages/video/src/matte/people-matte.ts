import {
  type Box,
  boxArea,
  clampBox,
  createMatte,
  createThreadCache,
  cropPicture,
  type Matte,
  type Picture,
  resizeMatte,
  type ThreadCache,
} from '@focal/core';
import { findObjects, runPersonMatteOnce, type Session } from '@focal/models';

/** Models that see people. They stay the caller's. */
export interface PeopleSessions {
  /** `selfie`. */
  readonly person: Session;
  /** `centernet`: tells where people are that are too far away to be seen at one look. */
  readonly objects: Session;
}

/** Longest side of the matte, and how many pixels of the frame one of its cells stands for at least. */
const MOST_SIDE = 480;
const CELL = 1.6;
const LEAST_SIDE = 192;
/** Frames from one look for people to the next. */
const LOOK_EVERY = 8;
const LEAST_SCORE = 0.35;
/** Those that fill less of the frame are looked at closer, so many at most, with so much room around them. */
const SMALL = 0.3;
const MOST_CLOSER = 8;
const ROOM = 0.25;

/**
 * Everyone in the frames of a video, which come in order: one look at the whole frame, and a closer one at each who is
 * small in it. Some 10 ms, and as much for each of these; every eighth frame takes longer.
 */
export function createPeopleMatte({ person, objects }: PeopleSessions): (picture: Picture) => Promise<Matte> {
  const cache = createThreadCache();
  let frame = 0;
  let people: readonly Box[] = [];
  return async (picture) => {
    if (frame++ % LOOK_EVERY === 0) people = await findSmall(objects, picture, cache);
    const { width, height } = matteSize(picture);
    const whole = resizeMatte(await runPersonMatteOnce(person, picture, { cache }), width, height);
    if (people.length === 0) return whole;
    const data = new Uint8Array(whole.data);
    for (const box of people) {
      const region = toPixels(box, picture);
      const near = await runPersonMatteOnce(person, cropPicture(picture, region), { cache });
      addMatte(data, width, height, near, {
        x: region.x / picture.width,
        y: region.y / picture.height,
        width: region.width / picture.width,
        height: region.height / picture.height,
      });
    }
    return createMatte(width, height, { data });
  };
}

async function findSmall(objects: Session, picture: Picture, cache: ThreadCache): Promise<readonly Box[]> {
  const found = await findObjects(objects, picture, { cache });
  return found
    .filter(({ label, score, box }) => label === 'person' && score >= LEAST_SCORE && boxArea(clampBox(box)) < SMALL)
    .slice(0, MOST_CLOSER)
    .map(({ box }) => box);
}

function matteSize({ width, height }: Picture): { readonly width: number; readonly height: number } {
  const long = Math.max(width, height);
  const scale = Math.min(1, Math.max(LEAST_SIDE, Math.min(MOST_SIDE, long / CELL)) / long);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The box with room around it, in whole pixels of the frame. */
function toPixels({ x, y, width, height }: Box, picture: Picture) {
  const room = ROOM * Math.max(width * picture.width, height * picture.height);
  const left = Math.max(0, Math.floor(x * picture.width - room));
  const top = Math.max(0, Math.floor(y * picture.height - room));
  return {
    x: Math.min(left, picture.width - 1),
    y: Math.min(top, picture.height - 1),
    width: Math.max(1, Math.min(picture.width, Math.ceil((x + width) * picture.width + room)) - left),
    height: Math.max(1, Math.min(picture.height, Math.ceil((y + height) * picture.height + room)) - top),
  };
}

/** Lays a matte of a part over that of the whole; the larger value counts. */
function addMatte(data: Uint8Array, width: number, height: number, part: Matte, area: Box): void {
  const left = Math.round(area.x * width);
  const top = Math.round(area.y * height);
  const across = Math.max(1, Math.min(width - left, Math.round(area.width * width)));
  const down = Math.max(1, Math.min(height - top, Math.round(area.height * height)));
  const scaled = resizeMatte(part, across, down);
  for (let y = 0, i = 0; y < down; y++) {
    for (let x = 0, o = (top + y) * width + left; x < across; x++, i++, o++) {
      const value = scaled.data[i] as number;
      if (value > (data[o] as number)) data[o] = value;
    }
  }
}
