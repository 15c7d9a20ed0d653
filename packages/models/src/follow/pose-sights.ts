import { absoluteBox, type Box, relativeBox } from '@focal/core';
import type { PersonView, PoseSight } from './person-evidence.ts';

/** What the pose model sees of a followed person, whose box moves from frame to frame. */
export interface PoseSights {
  /** Another person, or the same anew. */
  restart(): void;
  /** For this frame. Throws what looking threw, if later. */
  next(view: PersonView): Promise<PoseSight>;
}

export interface PoseSightsOptions {
  readonly look: (view: PersonView) => Promise<PoseSight>;
  /** Whether looks take place beside the frames: what they say comes late and moves with the box. */
  readonly isAside: boolean;
}

interface Look {
  readonly box: Box;
  sight?: PoseSight;
  error?: unknown;
}

/** Measured: with up to 6, masks on clips of people score the same. */
const SURE_REST = 3;

export function createPoseSights({ look, isAside }: PoseSightsOptions): PoseSights {
  let known: { readonly sight: PoseSight; readonly box: Box } | undefined;
  let underWay: Look | undefined;
  /** Frames that are still left out before the next look. */
  let rest = 0;

  function begin(view: PersonView): Look {
    const begun: Look = { box: view.box };
    look(view).then(
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
      rest = 0;
      known = undefined;
      underWay = undefined;
    },
    async next(view) {
      const { box } = view;
      if (!isAside) return look(view);
      known ??= { sight: guess(box), box };
      if (underWay === undefined) {
        if (rest > 0) rest--;
        else underWay = begin(view);
      } else if (underWay.error !== undefined) {
        const { error } = underWay;
        underWay = undefined;
        throw error;
      } else if (underWay.sight !== undefined) {
        known = { sight: underWay.sight, box: underWay.box };
        // Nobody is to be busy all the time: this look is left out, and more of them where all is sure.
        rest = known.sight.isSure ? SURE_REST : 0;
        underWay = undefined;
      }
      const { shares, isSure } = known.sight;
      const area = absoluteBox(relativeBox(shares.area, known.box), box);
      return { shares: { ...shares, area }, isSure, isLate: true };
    },
  };
}

/** Before anything was seen: the person may be anywhere in the box. */
function guess(box: Box): PoseSight {
  const side = 8;
  const values = new Float32Array(side * side).fill(1);
  return { shares: { area: box, width: side, height: side, values }, isSure: false };
}
