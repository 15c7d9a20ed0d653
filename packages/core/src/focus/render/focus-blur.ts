import { runPlan } from '../../async/plan.ts';
import { createThreadCache } from '../../async/thread-cache.ts';
import { planMovingBokeh } from '../../effects/bokeh.ts';
import { createPicture, type Picture } from '../../picture/picture.ts';
import { createArena } from './arena.ts';
import type { FocusLayers } from './focus-layers.ts';
import type { FocusLook } from './look.ts';

/** Blurs frames around their subject, by the bokeh of photos. Keeps memory for frames of one size. */
export interface FocusBlur {
  /** Into `target`, which may be the frame, or into a new picture. */
  draw(layers: Required<FocusLayers>, look: FocusLook, target?: Picture): Picture;
}

export function createFocusBlur(): FocusBlur {
  const arena = createArena();
  const cache = createThreadCache();
  return {
    draw({ picture, subject }, look, target) {
      const { pullMs: _, lowLight: __, ...params } = look;
      const { width, height, colorSpace } = picture;
      arena.reset();
      const plan = planMovingBokeh({
        picture,
        alpha: subject,
        params,
        allocate: arena.allocate,
        cache,
        target: target ?? createPicture(width, height, { colorSpace }),
      });
      return runPlan(plan);
    },
  };
}
