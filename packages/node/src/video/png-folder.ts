import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Picture } from '@focal/core';
import type { FrameSink } from '@focal/video';
import { encodePicture } from '../codec/encode.ts';
import { toFileError } from '../files/file-error.ts';

/** When each frame is shown, in the form that mkvmerge and x264 read. */
const TIMESTAMPS = 'timestamps.txt';
const DIGITS = 6;

/** Frames as PNG files in a new folder: `000001.png` and so on, with their times beside them. Without sound. */
export async function createPngFolder(folder: string, shown: string): Promise<FrameSink> {
  const times: string[] = [];
  let count = 0;
  const guarded = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw toFileError(error, 'write', shown);
    }
  };
  await guarded(() => mkdir(folder));
  return {
    warnings: [],
    async add(picture: Picture, timestamp: number) {
      const bytes = await encodePicture(picture, { format: 'png' });
      times.push((timestamp * 1000).toFixed(6));
      const name = `${String(++count).padStart(DIGITS, '0')}.png`;
      await guarded(() => writeFile(join(folder, name), bytes, { flag: 'wx' }));
    },
    finish: () =>
      guarded(() =>
        writeFile(join(folder, TIMESTAMPS), `# timestamp format v2\n${times.join('\n')}\n`, { flag: 'wx' }),
      ),
    // The folder is its owner's to delete.
    cancel: async () => {},
  };
}
