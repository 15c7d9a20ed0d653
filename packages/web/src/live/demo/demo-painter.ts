import { drawBackdrop } from './backdrop.ts';
import { DEMO_SIZE, placeFigures } from './demo-scene.ts';
import { drawFigure } from './figures.ts';

/** Draws moments of the demo: the same moment gives the same picture. What does not move is drawn once for a size. */
export interface DemoPainter {
  draw(context: OffscreenCanvasRenderingContext2D, width: number, height: number, timeMs: number): void;
}

export function createDemoPainter(): DemoPainter {
  let backdrop: OffscreenCanvas | undefined;
  return {
    draw(context, width, height, timeMs) {
      if (backdrop?.width !== width || backdrop.height !== height) backdrop = paintBackdrop(width, height);
      context.drawImage(backdrop, 0, 0);
      context.save();
      context.scale(width / DEMO_SIZE.width, height / DEMO_SIZE.height);
      for (const figure of placeFigures(timeMs)) drawFigure(context, figure);
      context.restore();
    },
  };
}

function paintBackdrop(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  // In main memory: what a graphics card keeps may be lost.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  context?.scale(width / DEMO_SIZE.width, height / DEMO_SIZE.height);
  if (context !== null) drawBackdrop(context);
  return canvas;
}
