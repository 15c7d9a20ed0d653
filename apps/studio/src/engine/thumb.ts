import { readBitmap } from '@focal/web';

const SIDE = 160;

/** A small copy of the photo for the list, as an object URL; nothing where there is no room. Throws as `readBitmap`. */
export async function createThumb(file: Blob): Promise<string | undefined> {
  const bitmap = await readBitmap(file, { resizeHeight: SIDE, resizeQuality: 'medium' });
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
  return blob === null ? undefined : URL.createObjectURL(blob);
}
