import { runPlan } from '../../async/plan.ts';
import { createThreadCache } from '../../async/thread-cache.ts';
import { bokeh } from '../../effects/bokeh.ts';
import type { Matte } from '../../picture/matte.ts';
import { type Allocate, createPicture, type Picture, uncleared } from '../../picture/picture.ts';
import { createArena } from './arena.ts';
import { type FocusLayers, unknownScene } from './focus-layers.ts';
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
      const plan = bokeh.plan({
        picture,
        scene: unknownScene(picture),
        params,
        assets: {},
        allocate: arena.allocate,
        cut: cutOut(picture, subject, arena.allocate),
        cache,
        target: target ?? createPicture(width, height, { colorSpace }),
      });
      return runPlan(plan);
    },
  };
}

/**
 * The subject as it is in the frame: the frame's own colours. What shines through at a soft edge stays in it; moving
 * pictures have no time to see that.
 */
function cutOut({ width, height, colorSpace, data }: Picture, subject: Matte, allocate: Allocate): Picture {
  const cut = createPicture(width, height, { colorSpace, allocate: uncleared(allocate) });
  cut.data.set(data);
  for (let i = 0, at = 3; i < subject.data.length; i++, at += 4) cut.data[at] = subject.data[i] as number;
  return cut;
}
