import type { Box, Picture } from '@focal/core';
import type { PoseSight } from './person-evidence.ts';

/** What the pose model sees of a followed person, whose box moves from frame to frame. */
export interface PoseSights {
  /** Another person, or the same anew. */
  restart(): void;
  /** For this frame. Throws what looking threw, if later. */
  next(frame: Picture, box: Box): Promise<PoseSight>;
}

export interface PoseSightsOptions {
  readonly look: (frame: Picture, box: Box) => Promise<PoseSight>;
  /** Whether looks take place beside the frames: what they say comes late and moves with the box. */
  readonly isAside: boolean;
}

interface Look {
  readonly box: Box;
  sight?: PoseSight;
  error?: unknown;
}

export function createPoseSights({ look, isAside }: PoseSightsOptions): PoseSights {
  let known: { readonly sight: PoseSight; readonly box: Box } | undefined;
  let underWay: Look | undefined;

  function begin(frame: Picture, box: Box): Look {
    const begun: Look = { box };
    look(frame, box).then(
      (sight) => {
        begun.sight = sight;
      },
      (error: unknown) => {
        begun.error = error ?? new Error('Looking at a person failed.');
      },
    );
    return begun;
  }

  return {
    restart() {
      known = undefined;
      underWay = undefined;
    },
    async next(frame, box) {
      if (!isAside) return look(frame, box);
      known ??= { sight: guess(box), box };
      if (underWay === undefined) {
        underWay = begin(frame, box);
      } else if (underWay.error !== undefined) {
        const { error } = underWay;
        underWay = undefined;
        throw error;
      } else if (underWay.sight !== undefined) {
        known = { sight: underWay.sight, box: underWay.box };
        // The next look is left out: nobody is to be busy all the time.
        underWay = undefined;
      }
      const { shares, isSure } = known.sight;
      return { shares: { ...shares, area: moveAlong(shares.area, known.box, box) }, isSure, isLate: true };
    },
  };
}

/** Before anything was seen: the person may be anywhere in the box. */
function guess(box: Box): PoseSight {
  const side = 8;
  const values = new Float32Array(side * side).fill(1);
  return { shares: { area: box, width: side, height: side, values }, isSure: false };
}

/** Where a part of a frame lies once a box has moved and grown, and the part with it. */
function moveAlong(area: Box, from: Box, to: Box): Box {
  const [scaleX, scaleY] = [to.width / from.width, to.height / from.height];
  return {
    x: to.x + (area.x - from.x) * scaleX,
    y: to.y + (area.y - from.y) * scaleY,
    width: area.width * scaleX,
    height: area.height * scaleY,
  };
}
