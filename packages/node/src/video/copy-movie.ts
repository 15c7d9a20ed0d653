import { rm } from 'node:fs/promises';
import { type CopiedVideo, copyVideo } from '@focal/video';
import { createFileTarget } from './file-target.ts';
import { openVideoFile, watchStop } from './run-video.ts';

/**
 * Copies a video without anything but pictures and sound to a path that is free; nothing is left there where that fails.
 * Throws as `openVideo`, `copyVideo`, and for what goes wrong with the disk.
 */
export async function copyMovie(input: string, output: string, stop: SharedArrayBuffer): Promise<CopiedVideo> {
  const file = await openVideoFile(input);
  const { signal, close } = watchStop(stop);
  try {
    const { target, close: closeTarget } = await createFileTarget(output, output);
    try {
      const copied = await copyVideo(file, target, signal).finally(closeTarget);
      return copied;
    } catch (error) {
      await rm(output, { force: true });
      throw error;
    }
  } finally {
    close();
    file.close();
  }
}
