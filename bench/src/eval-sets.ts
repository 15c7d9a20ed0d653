import { readdir, readFile } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';

/** A photo with its true mask. */
export interface MaskedPhoto {
  readonly id: string;
  readonly image: string;
  readonly mask: string;
  /** Place in the sorted list of the photos that are there: even ones to tune on, odd ones to report on. */
  readonly index: number;
}

/**
 * Photos of a folder laid out as `images/ID.jpg` with `masks/ID.png`. Those without a mask are skipped.
 * Throws where there is no such folder or nothing in it.
 */
export async function readMaskedPhotos(
  folder: string,
  keep: (id: string) => boolean = () => true,
): Promise<readonly MaskedPhoto[]> {
  const masks = new Set(await listNames(join(folder, 'masks')));
  const photos = (await listNames(join(folder, 'images')))
    .filter((name) => ['.jpg', '.jpeg', '.png'].includes(extname(name).toLowerCase()))
    .map((name) => ({ id: parse(name).name, name }))
    .filter(({ id }) => masks.has(`${id}.png`) && keep(id))
    .sort((a, b) => compareIds(a.id, b.id));
  if (photos.length === 0) throw new Error(`There are no photos with masks in ${folder}.`);
  return photos.map(({ id, name }, index) => ({
    id,
    image: join(folder, 'images', name),
    mask: join(folder, 'masks', `${id}.png`),
    index,
  }));
}

/** The ids that a table `quality.csv` with the columns `id` and `clean` marks as clean. */
export async function readCleanIds(folder: string): Promise<ReadonlySet<string>> {
  const rows = parseCsv(await readFile(join(folder, 'quality.csv'), 'utf8'));
  return new Set(rows.filter((row) => row.clean === '1').map((row) => row.id ?? ''));
}

/** A table of comma-separated values without quotes, one object a row by the names in the first line. */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

/** Photos to tune on (`even`) and to report on (`odd`). */
export function halves(photos: readonly MaskedPhoto[]): {
  readonly even: readonly MaskedPhoto[];
  readonly odd: readonly MaskedPhoto[];
} {
  return {
    even: photos.filter((photo) => photo.index % 2 === 0),
    odd: photos.filter((photo) => photo.index % 2 === 1),
  };
}

/** Numbers by value, all else as text. */
function compareIds(a: string, b: string): number {
  const byValue = Number(a) - Number(b);
  if (byValue !== 0 && !Number.isNaN(byValue)) return byValue;
  return a < b ? -1 : a > b ? 1 : 0;
}

async function listNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new Error(`There is no folder ${folder}. --data takes a folder that holds the labelled sets.`, { cause });
  }
}
