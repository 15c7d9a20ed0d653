import type { Picture } from '../../picture/picture.ts';
import { createFocusBlur } from './focus-blur.ts';
import { createFocusLayerer } from './focus-layers.ts';
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

export function createFocusDrawer(): FocusDrawer {
  const layerer = createFocusLayerer();
  const blur = createFocusBlur();
  return {
    draw(frame, shot, look, target) {
      const { picture, subject } = layerer.split(frame, shot, look);
      if (subject !== undefined) return blur.draw({ picture, subject }, { ...look, radius: shot.radius }, target);
      if (target === undefined || target === picture) return picture;
      target.data.set(picture.data);
      return target;
    },
  };
}
