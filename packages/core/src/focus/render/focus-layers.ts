import { runPlan } from '../../async/plan.ts';
import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { tone } from '../../effects/tone.ts';
import { planRefineMatte } from '../../matte/refine.ts';
import type { Matte } from '../../picture/matte.ts';
import { allocateLocal, type Picture } from '../../picture/picture.ts';
import type { Scene } from '../../scene/scene.ts';
import { createArena } from './arena.ts';
import type { FocusShot } from './focus-pull.ts';
import type { FocusLook } from './look.ts';

/** A frame that is to be blurred: what is needed of it, whoever blurs it. */
export interface FocusLayers {
  /** The frame, brightened where the look says so. */
  readonly picture: Picture;
  /** The subject's alpha in the frame's size, overwritten by the next frame's; nothing where all of it is sharp. */
  readonly subject?: Matte;
}

/** Makes the layers of frames. Keeps memory for frames of one size. */
export interface FocusLayerer {
  split(frame: Picture, shot: FocusShot, look: FocusLook): FocusLayers;
}

/** A radius below this share of the longer side cannot be seen. */
const LEAST_RADIUS = 0.0004;

export function createFocusLayerer(): FocusLayerer {
  const arena = createArena();
  const cache = createThreadCache();
  return {
    split(frame, { sharp, radius }, look) {
      const picture = look.lowLight > 0 ? brighten(frame, look.lowLight, cache) : frame;
      if (sharp === undefined || radius < LEAST_RADIUS) return { picture };
      arena.reset();
      return { picture, subject: runPlan(planRefineMatte(picture, sharp, arena.allocate)) };
    },
  };
}

function brighten(frame: Picture, detail: number, cache: ThreadCache): Picture {
  const params = { exposure: 0, contrast: 0, saturation: 0, warmth: 0, detail };
  return runPlan(
    tone.plan({ picture: frame, scene: unknownScene(frame), params, assets: {}, allocate: allocateLocal, cache }),
  );
}

/** A scene of which nothing is known. */
function unknownScene({ width, height }: Picture): Scene {
  return { version: 1, width, height, facts: [] };
}
