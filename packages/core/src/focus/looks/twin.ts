import { type Box, boxIou, type Point } from '../../scene/geometry.ts';
import { gapOf, moveBox } from '../moved-boxes.ts';

/** Follows another who looks like the subject, to know who is who once they have met: both go on as they went. */
export interface Twin {
  /** Where it should be in this frame; undefined where there is none, or none was seen for long. */
  at(frame: number): Box | undefined;
  /**
   * Both, as they are seen in a frame. Gives the subject's velocity from before they met, where the one that is taken for
   * the subject came out of the meeting as the other should.
   */
  see(subject: Moving, other: Box, frame: number): Point | undefined;
}

export interface Moving {
  readonly box: Box;
  /** How its middle moves, in fractions of the frame a frame. */
  readonly velocity: Point;
}

interface Seen extends Moving {
  readonly frame: number;
}

/** Not seen for longer, it may be anywhere. */
const MOST_FRAMES = 60;
/** Of both together, in mean sides of each: astray by less, either may be either. */
const SURE_GAP = 0.4;
/** Farther from where the twin should be there is another one. */
const SAME_GAP = 1.5;
/** Boxes that overlap by more meet. */
const MEETING = 0.1;
const RESTING: Point = { x: 0, y: 0 };

export function createTwin(): Twin {
  let pair: { readonly subject: Seen; readonly other: Seen } | undefined;

  return {
    at(frame) {
      if (pair === undefined || frame - pair.other.frame > MOST_FRAMES) return undefined;
      return ahead(pair.other, frame);
    },
    see(subject, box, frame) {
      const before = pair;
      pair = { subject: { ...subject, frame }, other: { box, velocity: RESTING, frame } };
      if (before === undefined || frame <= before.other.frame || frame - before.other.frame > MOST_FRAMES) {
        return undefined;
      }
      const { subject: own, other } = before;
      const [ownAhead, otherAhead] = [ahead(own, frame), ahead(other, frame)];
      if (!haveMet(own, other, frame)) {
        if (gapOf(box, otherAhead) <= SAME_GAP)
          pair = { ...pair, other: { ...pair.other, velocity: speedOf(other, pair.other) } };
        return undefined;
      }
      pair = { ...pair, other: { ...pair.other, velocity: other.velocity } };
      const straight = gapOf(subject.box, ownAhead) + gapOf(box, otherAhead);
      const swapped = gapOf(box, ownAhead) + gapOf(subject.box, otherAhead);
      if (swapped + SURE_GAP > straight) return undefined;
      const { velocity } = own;
      pair = { subject: { box, velocity, frame }, other: { box: subject.box, velocity: other.velocity, frame } };
      return velocity;
    },
  };
}

/** Whether their ways have crossed since they were seen. */
function haveMet(one: Seen, other: Seen, frame: number): boolean {
  for (let at = other.frame; at <= frame; at++) {
    if (boxIou(ahead(one, at), ahead(other, at)) > MEETING) return true;
  }
  return false;
}

function ahead({ box, velocity, frame }: Seen, to: number): Box {
  return moveBox(box, velocity, to - frame);
}

function speedOf(before: Seen, now: Seen): Point {
  const frames = now.frame - before.frame;
  return { x: (now.box.x - before.box.x) / frames, y: (now.box.y - before.box.y) / frames };
}
