import { runPlan } from '../../async/plan.ts';
import { createThreadCache, type ThreadCache } from '../../async/thread-cache.ts';
import { planMovingBokeh } from '../../effects/bokeh.ts';
import { tone } from '../../effects/tone.ts';
import { planRefineMatte } from '../../matte/refine.ts';
import { allocateLocal, createPicture, type Picture } from '../../picture/picture.ts';
import type { Scene } from '../../scene/scene.ts';
import { createArena } from './arena.ts';
import { createFocusPull, type FocusShot, type InFocus } from './focus-pull.ts';
import type { FocusLook } from './look.ts';

/**
 * Draws frames with one subject in focus: sharp on it, out of focus with the distance from it, by the bokeh of photos.
 * Changes of what is in focus are eased. Keeps memory for frames of one size, which goes when it is let go of. The same
 * frames give the same pictures.
 */
export interface FocusRenderer {
  /** A new picture, or the frame itself where all of it is sharp. */
  render(frame: Picture, focus: InFocus, look: FocusLook): Picture;
  /** Whether the last picture was in the middle of a pull, so that the next will differ even if nothing moves. */
  readonly isPulling: boolean;
}

export function createFocusRenderer(): FocusRenderer {
  const pull = createFocusPull();
  const drawer = createFocusDrawer();
  return {
    get isPulling() {
      return pull.isPulling;
    },
    render: (frame, focus, look) => drawer.draw(frame, pull.next(focus, look), look),
  };
}

/**
 * Draws single frames, each by itself: frames of a video can be drawn by several threads at once. Keeps memory for frames
 * of one size.
 */
export interface FocusDrawer {
  /** Into `target`, which may be the frame; without it a new picture, or the frame itself where all of it is sharp. */
  draw(frame: Picture, shot: FocusShot, look: FocusLook, target?: Picture): Picture;
}

/** A radius below this share of the longer side cannot be seen. */
const LEAST_RADIUS = 0.0004;

export function createFocusDrawer(): FocusDrawer {
  const arena = createArena();
  const cache = createThreadCache();
  return {
    draw(frame, { sharp, radius }, look, target) {
      const picture = look.lowLight > 0 ? brighten(frame, look.lowLight, cache) : frame;
      if (sharp === undefined || radius < LEAST_RADIUS) {
        if (target === undefined || target === picture) return picture;
        target.data.set(picture.data);
        return target;
      }
      arena.reset();
      const alpha = runPlan(planRefineMatte(picture, sharp, arena.allocate));
      const { pullMs: _, lowLight: __, ...lens } = look;
      const plan = planMovingBokeh({
        picture,
        alpha,
        params: { ...lens, radius },
        allocate: arena.allocate,
        cache,
        target: target ?? createPicture(frame.width, frame.height, { colorSpace: frame.colorSpace }),
      });
      return runPlan(plan);
    },
  };
}

function brighten(frame: Picture, detail: number, cache: ThreadCache): Picture {
  const params = { exposure: 0, contrast: 0, saturation: 0, warmth: 0, detail };
  return runPlan(
    tone.plan({ picture: frame, scene: sceneOf(frame), params, assets: {}, allocate: allocateLocal, cache }),
  );
}

/** A scene of which nothing is known. */
function sceneOf({ width, height }: Picture): Scene {
  return { version: 1, width, height, facts: [] };
}
