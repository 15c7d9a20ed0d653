import { createPicture, createThreadCache, FocalError, type Picture, resizePicture } from '@focal/core';
import { createDemoPainter } from './demo/demo-painter.ts';
import type { LiveFrame, LiveShape } from './types.ts';

/** Reads frames as pictures of the size that is asked for. One at a time. */
export interface FrameReader {
  /** The frame is closed. The picture's memory is used again by the reading after the next. */
  read(frame: LiveFrame, shape: LiveShape): Promise<Picture>;
}

export function createFrameReader(): FrameReader {
  const canvas = new OffscreenCanvas(1, 1);
  // Read after each drawing: a canvas in main memory spares the way back from the graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (context === null) throw new FocalError('device-unavailable', 'This browser gives no canvas to draw on.');
  const demo = createDemoPainter();
  const cache = createThreadCache();
  let bytes = new Uint8Array(0);
  let [memory, before] = [new ArrayBuffer(0), new ArrayBuffer(0)];

  const allocate = (byteLength: number): ArrayBuffer => {
    [memory, before] = [before, memory];
    if (memory.byteLength !== byteLength) memory = new ArrayBuffer(byteLength);
    return memory;
  };

  /** The whole frame; nothing where this browser does not copy it as RGBA. */
  const copy = async (frame: VideoFrame): Promise<Picture | undefined> => {
    const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
    const { rotation = 0, flip = false } = frame as { rotation?: number; flip?: boolean };
    if (frame.format === null || rotation !== 0 || flip) return undefined;
    const how = { format: 'RGBA', colorSpace: 'srgb' } as const;
    try {
      // Browsers that do not convert give the size of the planes.
      if (frame.allocationSize(how) !== width * height * 4) return undefined;
      if (bytes.length !== width * height * 4) bytes = new Uint8Array(width * height * 4);
      await frame.copyTo(bytes, how);
    } catch {
      return undefined;
    }
    return createPicture(width, height, { data: bytes });
  };

  const draw = (shape: LiveShape, paint: () => void): Picture => {
    const { width, height, isMirrored } = shape;
    // Setting the size clears the canvas, so it is only done where it changes.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(isMirrored ? -1 : 1, 0, 0, 1, isMirrored ? width : 0, 0);
    paint();
    return createPicture(width, height, { data: context.getImageData(0, 0, width, height).data });
  };

  return {
    async read(frame, shape) {
      const { width, height, isMirrored } = shape;
      if (frame.kind === 'drawn') return draw(shape, () => demo.draw(context, width, height, frame.timeMs));
      try {
        // Drawing a frame waits for the graphics process, ten times as long where that draws in software.
        const whole = await copy(frame.frame);
        if (whole !== undefined) {
          const picture = resizePicture(whole, width, height, { cache, allocate });
          if (isMirrored) swapSides(picture);
          return picture;
        }
        return draw(shape, () => {
          context.imageSmoothingQuality = 'medium';
          context.drawImage(frame.frame, 0, 0, width, height);
        });
      } finally {
        frame.frame.close();
      }
    },
  };
}

function swapSides({ width, height, data }: Picture): void {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  for (let row = 0; row < height; row++) pixels.subarray(row * width, (row + 1) * width).reverse();
}
