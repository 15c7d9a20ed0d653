import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The photos of an album with a folder for each person, in the order of their paths. */
export async function readAlbum(folder: string): Promise<readonly { readonly who: string; readonly path: string }[]> {
  const photos: { who: string; path: string }[] = [];
  for (const who of (await readdir(folder)).sort()) {
    if (!(await stat(join(folder, who))).isDirectory()) continue;
    for (const file of (await readdir(join(folder, who))).sort()) {
      if (/\.(jpe?g|png)$/.test(file)) photos.push({ who, path: join(folder, who, file) });
    }
  }
  return photos;
}
