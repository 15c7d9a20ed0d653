import type { Matte, Stroke } from '@focal/core';
import type { Port } from '../worker/messages.ts';
import { serveWorker } from '../worker/serve.ts';
import { type Brush, createPainter, type Dirty, type SelectionStyle } from './painter.ts';

/** The methods of the worker that shows a selection while it is painted. [Note: painting a selection] */
export function createBrushHandlers() {
  const painter = createPainter();
  let canvas: OffscreenCanvas | undefined;
  let image: ImageData | undefined;

  const put = (dirty?: Dirty): void => {
    const context = canvas?.getContext('2d');
    if (context === null || context === undefined || canvas === undefined) return;
    const { pixels, width, height } = painter;
    if (image?.data !== pixels) image = new ImageData(pixels, width, height);
    // Setting the size clears the canvas, so it is only done where it changes.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const { left, top, right, bottom } = dirty ?? { left: 0, top: 0, right: width, bottom: height };
    context.putImageData(image, 0, 0, left, top, right - left, bottom - top);
  };

  return {
    /** The canvas that the selection is shown on from now on. */
    attach({ canvas: given }: { canvas: OffscreenCanvas }): void {
      canvas = given;
      put();
    },
    /** A selection that holds all strokes up to the number `upTo`. */
    show({ matte, upTo }: { matte: Matte; upTo: number }): void {
      painter.setSelection(matte, upTo);
      put();
    },
    setStyle({ style }: { style: SelectionStyle }): void {
      painter.setStyle(style);
      put();
    },
    begin({ number, brush }: { number: number; brush: Brush }): void {
      painter.begin(number, brush);
    },
    extend({ points }: { points: Stroke['points'] }): void {
      const dirty = painter.extend(points);
      if (dirty !== undefined) put(dirty);
    },
    end({ isKept }: { isKept: boolean }): void {
      painter.end(isKept);
      put();
    },
  };
}

export type BrushHandlers = ReturnType<typeof createBrushHandlers>;

/** Makes the worker it is called in the one that shows a selection while it is painted. */
export function serveBrush(port: Port): void {
  serveWorker(port, createBrushHandlers());
}
