import { type CoverOutline, convexHull, headRight, outlineHead, outlinePerson } from '../../anonymise/outline.ts';
import type { Hidden } from '../../anonymise/paint.ts';
import { splitMatte } from '../../matte/split.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import { type Box, boxCentre, boxIou, boxShareWithin, isInBox } from '../../scene/geometry.ts';
import { createPlaceKeeper, type KeptPlace, type SeenPlace } from './place-keeper.ts';

/** What is known of the people in a frame. */
export interface SeenPeople {
  /** Of the frame, never falling. */
  readonly timeMs: number;
  /** Its width by its height. */
  readonly aspect: number;
  /** Every face that was found, however unsure. */
  readonly faces: readonly SeenPlace[];
  /** Where people are; with it whole people are hidden, else faces. */
  readonly people?: Matte;
  /** The box of whoever stays to be seen; nothing where nobody does, or it is not sure where they are. */
  readonly spared?: Box | undefined;
}

/**
 * Outlines of what has to be hidden in frames that come one after another: faces, or whole people with them. What was
 * seen stays hidden for a while where a look misses it, grown by how far it may have moved. Unsure means covered: of
 * whoever is to be seen only what nobody else may be is left out. Pure: the same frames give the same outlines.
 */
export interface LiveHider {
  step(seen: SeenPeople): readonly Hidden[];
  /** Faces and people that a slower look found in an earlier frame. */
  seeLate(late: { readonly faces?: readonly SeenPlace[]; readonly people?: readonly Box[] }, timeMs: number): void;
  forget(): void;
}

/** A face turns away or is hidden by a hand for so long; nobody stands up and leaves sooner. */
const HOLD_MS = 1500;
const FACE_SPEED = 1;
const BODY_SPEED = 0.3;
/** Covers are larger than on photos: frames are small, and what moves is smeared. As shares of a face's, a body's size. */
const FACE_MARGIN = 0.12;
const BODY_MARGIN = 0.06;
/** Half the width of a head's outline in sides of its box: what a reach in sides is beside it. */
const HALF_HEAD = 0.71;
/** A face of the spared one lies within their box, by so much of its area. */
const WITHIN = 0.7;
/** A body that overlaps their box by this is theirs. */
const SAME_BODY = 0.5;
/** Room around whoever is spared in which nothing of the matte is somebody else's. */
const ROOM = 0.04;

export function createLiveHider(): LiveHider {
  const faces = createPlaceKeeper({ leastSpeed: FACE_SPEED, holdMs: HOLD_MS });
  const bodies = createPlaceKeeper({ leastSpeed: BODY_SPEED, holdMs: HOLD_MS });
  return {
    step({ timeMs, aspect, faces: found, people, spared }) {
      faces.see(found, timeMs);
      const heads = withoutSparedFace(faces.at(timeMs), spared).map((kept) => coverHead(kept, aspect));
      if (people === undefined) return heads;
      const others = withoutSparedBody(bodies.at(timeMs), spared).map((kept) => toHidden(coverBody(kept, aspect)));
      const seen = splitMatte(spared === undefined ? people : clearBox(people, spared)).map((part) =>
        toHidden(outlinePerson(part, [], aspect, BODY_MARGIN)),
      );
      return [...heads, ...others, ...seen];
    },
    seeLate(late, timeMs) {
      if (late.faces !== undefined) faces.seeLate(late.faces, timeMs);
      if (late.people !== undefined) bodies.seeLate(late.people.map(toPlace), timeMs);
    },
    forget() {
      faces.forget();
      bodies.forget();
    },
  };
}

const toPlace = (box: Box): SeenPlace => ({ box });
const toHidden = (outline: CoverOutline): Hidden => ({ outline, right: { x: 1, y: 0 } });

/** Of two faces within their box either may be theirs: then both are covered, and so is one that is not seen now. */
function withoutSparedFace(all: readonly KeptPlace[], spared: Box | undefined): readonly KeptPlace[] {
  if (spared === undefined) return all;
  const near = all.filter(({ place: { box } }) => boxIou(box, spared) > 0 || isInBox(boxCentre(box), spared));
  const [only, ...others] = near;
  const isTheirs =
    only !== undefined && others.length === 0 && only.reach === 0 && boxShareWithin(only.place.box, spared) >= WITHIN;
  return isTheirs ? all.filter((each) => each !== only) : all;
}

function withoutSparedBody(all: readonly KeptPlace[], spared: Box | undefined): readonly KeptPlace[] {
  if (spared === undefined) return all;
  const same = all.filter(({ place }) => boxIou(place.box, spared) >= SAME_BODY);
  return same.length === 1 ? all.filter((each) => each !== same[0]) : all;
}

/** The hull of where the head may be now and where it was right before. */
function coverHead({ place, reach, before }: KeptPlace, aspect: number): Hidden {
  const margin = FACE_MARGIN + reach / HALF_HEAD;
  const outlines = [outlineHead(place, aspect, margin)];
  if (before !== undefined) outlines.push(outlineHead(before, aspect, margin));
  const points = outlines.flatMap((outline) => (outline.kind === 'convex' ? outline.points : []));
  return { outline: { kind: 'convex', points: convexHull(points) }, right: headRight(place, aspect) };
}

function coverBody({ place: { box }, reach }: KeptPlace, aspect: number): CoverOutline {
  const grow = (BODY_MARGIN + reach) * Math.max(box.width * aspect, box.height);
  const [left, right] = [box.x - grow / aspect, box.x + box.width + grow / aspect];
  const [top, bottom] = [box.y - grow, box.y + box.height + grow];
  const points = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  return { kind: 'convex', points: convexHull(points) };
}

function clearBox(matte: Matte, { x, y, width, height }: Box): Matte {
  const data = new Uint8Array(matte.data);
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value * most)));
  const [left, right] = [clamp(x - ROOM, matte.width), clamp(x + width + ROOM, matte.width)];
  const bottom = clamp(y + height + ROOM, matte.height);
  for (let row = clamp(y - ROOM, matte.height); row < bottom; row++) {
    data.fill(0, row * matte.width + left, row * matte.width + right);
  }
  return createMatte(matte.width, matte.height, { data });
}
