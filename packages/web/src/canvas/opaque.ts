import type { Picture } from '@focal/core';

/** Whether no pixel is see-through. */
export function isOpaquePicture({ data }: Pick<Picture, 'data'>): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}
