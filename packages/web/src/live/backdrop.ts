import {
  allocateLocal,
  createPicture,
  FocalError,
  type Matte,
  type Picture,
  parseColor,
  planRefineMatte,
  runPlan,
} from '@focal/core';
import type { LiveBackdrop } from './types.ts';

/** Puts a colour or a picture behind people. */
export interface Backdrop {
  /** The picture behind them from now on. Throws `corrupt-input` where it cannot be read. */
  setPicture(file: Blob): Promise<void>;
  /** The people of a frame before it; the frame itself where there is no picture to put behind them. */
  put(frame: Picture, matte: Matte, kind: Exclude<LiveBackdrop, { kind: 'blur' }>): Picture;
}

export function createBackdrop(): Backdrop {
  let bitmap: ImageBitmap | undefined;
  let fitted: Picture | undefined;

  /** The picture cut to the frame's shape. */
  const fit = (image: ImageBitmap, width: number, height: number): Picture => {
    if (fitted?.width === width && fitted.height === height) return fitted;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new FocalError('device-unavailable', 'This browser gives no canvas to draw on.');
    const scale = Math.max(width / image.width, height / image.height);
    const [across, down] = [image.width * scale, image.height * scale];
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, (width - across) / 2, (height - down) / 2, across, down);
    fitted = createPicture(width, height, { data: context.getImageData(0, 0, width, height).data });
    return fitted;
  };

  return {
    async setPicture(file) {
      try {
        const next = await createImageBitmap(file);
        bitmap?.close();
        bitmap = next;
        fitted = undefined;
      } catch (cause) {
        throw new FocalError('corrupt-input', 'This file is no picture that this browser reads.', {
          hint: 'Take a JPEG, PNG, WebP or AVIF file.',
          cause,
        });
      }
    },
    put(frame, matte, backdrop) {
      const { width, height, colorSpace } = frame;
      if (backdrop.kind === 'picture' && bitmap === undefined) return frame;
      const behind = backdrop.kind === 'picture' ? fit(bitmap as ImageBitmap, width, height).data : undefined;
      const color = backdrop.kind === 'color' ? parseColor(backdrop.color) : undefined;
      const alpha = runPlan(planRefineMatte(frame, matte, allocateLocal)).data;
      const result = createPicture(width, height, { colorSpace });
      const [from, to] = [frame.data, result.data];
      for (let i = 0, at = 0; i < alpha.length; i++, at += 4) {
        const share = alpha[i] as number;
        for (let k = 0; k < 3; k++) {
          const back = (behind?.[at + k] ?? color?.[k]) as number;
          to[at + k] = back + ((((from[at + k] as number) - back) * share) / 255 + 0.5);
        }
        to[at + 3] = 255;
      }
      return result;
    },
  };
}
