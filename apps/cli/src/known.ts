import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { FocalError } from '@focal/core';
import type { PersonPictures } from 'focal';
import { isPictureName } from './inputs.ts';
import { toReadError } from './read-error.ts';

/**
 * Who is known: each picture of the folder is of one person, and each folder in it holds pictures of one. Throws
 * `not-found` where there is nobody.
 */
export async function findKnown(folder: string): Promise<readonly PersonPictures[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw toReadError(error, 'folder', folder);
  });
  const people: PersonPictures[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = resolve(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) {
      const pictures = (await readdir(path)).filter(isPictureName).sort();
      if (pictures.length > 0) people.push({ name: entry.name, pictures: pictures.map((name) => join(path, name)) });
    } else if (isPictureName(entry.name)) {
      people.push({ name: basename(entry.name, extname(entry.name)), pictures: [path] });
    }
  }
  if (people.length > 0) return people;
  throw new FocalError('not-found', `There is no picture of anybody in the folder ${folder}.`, {
    hint: 'Put a picture of each person into it, or a folder of pictures for each, by their names.',
  });
}
