export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the picture stands on the stage: CSS pixels of its top left corner, and CSS pixels to one of its own. */
export interface Viewport extends Point {
  readonly scale: number;
}

/** Room kept free around a fitted picture, in CSS pixels. */
export interface Insets {
  readonly top: number;
  readonly side: number;
  readonly bottom: number;
}

const NO_INSETS: Insets = { top: 0, side: 0, bottom: 0 };
const MAX_SCALE = 16;

/** The whole picture in the middle of what the insets leave; never enlarged past one picture pixel to one device pixel. */
export function fitViewport(stage: Size, picture: Size, pixelRatio: number, insets = NO_INSETS): Viewport {
  const { top, side, bottom } = insets;
  const room = { width: Math.max(1, stage.width - 2 * side), height: Math.max(1, stage.height - top - bottom) };
  const fitting = Math.min(room.width / picture.width, room.height / picture.height);
  // A tiny picture may grow so that it can be seen at all.
  const scale = Math.min(fitting, Math.max(1 / pixelRatio, 240 / Math.max(picture.width, picture.height)));
  const x = side + (room.width - picture.width * scale) / 2;
  return { scale, x, y: top + (room.height - picture.height * scale) / 2 };
}

/** Whether a step has cropped the photo: more than rounding changes its shape. */
export function isOfOtherShape(result: Size, photo: Size): boolean {
  return Math.abs((result.width * photo.height) / (result.height * photo.width) - 1) > 0.01;
}

/** Zoomed by a factor so that what lies under the point stays there. */
export function zoomAt(view: Viewport, point: Point, factor: number, stage: Size, picture: Size): Viewport {
  const least = Math.min(fitViewport(stage, picture, 1).scale / 2, 1 / 8);
  const scale = Math.min(MAX_SCALE, Math.max(least, view.scale * factor));
  const ratio = scale / view.scale;
  return keepInSight(
    { scale, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio },
    stage,
    picture,
  );
}

export function panBy(view: Viewport, dx: number, dy: number, stage: Size, picture: Size): Viewport {
  return keepInSight({ ...view, x: view.x + dx, y: view.y + dy }, stage, picture);
}

/** A picture smaller than the stage stays inside, a larger one keeps covering the middle. */
export function keepInSight(view: Viewport, stage: Size, picture: Size): Viewport {
  return {
    scale: view.scale,
    x: clampAxis(view.x, stage.width, picture.width * view.scale),
    y: clampAxis(view.y, stage.height, picture.height * view.scale),
  };
}

function clampAxis(position: number, stage: number, size: number): number {
  const inside = size <= stage;
  const low = inside ? 0 : stage / 2 - size;
  const high = inside ? stage - size : stage / 2;
  return Math.min(high, Math.max(low, position));
}
