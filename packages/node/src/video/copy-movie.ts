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
  const watched = watchStop(stop);
  try {
    const written = await createFileTarget(output, output);
    try {
      try {
        return await copyVideo(file, written.target, watched.signal);
      } finally {
        await written.close();
      }
    } catch (error) {
      await rm(output, { force: true });
      throw error;
    }
  } finally {
    watched.close();
    file.close();
  }
}
