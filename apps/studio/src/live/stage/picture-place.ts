import type { Point } from '@focal/core';

/** A place on the page in CSS pixels, as `getBoundingClientRect` gives it: after all zooming. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a picture of some shape stands in a frame, as large as fits, with bars at its sides or above and below. */
export function placePicture(
  frame: { readonly width: number; readonly height: number },
  picture: { readonly width: number; readonly height: number },
): Place {
  const scale = Math.min(frame.width / Math.max(1, picture.width), frame.height / Math.max(1, picture.height));
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (frame.width - width) / 2, top: (frame.height - height) / 2, width, height };
}

/** The point of the picture that a pointer is on, in fractions; nothing beside it, as on the bars around it. */
export function toPicturePoint(
  pointer: { readonly clientX: number; readonly clientY: number },
  picture: Place,
): Point | undefined {
  if (picture.width <= 0 || picture.height <= 0) return undefined;
  const x = (pointer.clientX - picture.left) / picture.width;
  const y = (pointer.clientY - picture.top) / picture.height;
  return x >= 0 && x < 1 && y >= 0 && y < 1 ? { x, y } : undefined;
}
