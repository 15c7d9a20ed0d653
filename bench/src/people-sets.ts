import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Box } from '@focal/core';
import sharp from 'sharp';

/** A marked person, as a mask of the photo's size: 1 inside. */
export interface TruePerson {
  readonly mask: Uint8Array;
  /** What the mask spans, in fractions of the photo. */
  readonly box: Box;
  /** Share of the photo. */
  readonly area: number;
}

export interface PeoplePhoto {
  readonly id: string;
  readonly image: string;
  readonly width: number;
  readonly height: number;
  /** Largest first. */
  readonly persons: readonly TruePerson[];
  /** Pixels of crowds, which count neither way: 1. */
  readonly ignored: Uint8Array;
  /** Place in the sorted list of the photos that are there: even ones to tune on, odd ones to report on. */
  readonly index: number;
}

/** Bytes of the masks of people: of persons, and of crowds. */
const PERSON = 255;
const CROWD = 128;

/**
 * Photos of `images/ID.jpg` with people outlined one by one: `person_masks/ID.png` says which pixels are people,
 * `panoptic/ID.png` (COCO's colours, id = R + 256 G + 65536 B) whose they are. Throws where there are none.
 */
export async function readPeoplePhotos(folder: string): Promise<readonly PeoplePhoto[]> {
  const [masks, segments] = await Promise.all([list(join(folder, 'person_masks')), list(join(folder, 'panoptic'))]);
  const names = masks.filter((name) => segments.includes(name));
  if (names.length === 0) throw new Error(`There are no photos with people outlined in ${folder}.`);
  return Promise.all(names.map((name, index) => readPhoto(folder, name, index)));
}

async function readPhoto(folder: string, name: string, index: number): Promise<PeoplePhoto> {
  const kinds = await readBytes(join(folder, 'person_masks', name));
  const colours = await readBytes(join(folder, 'panoptic', name));
  const { width, height } = kinds;
  const masks = new Map<number, Uint8Array>();
  const ignored = new Uint8Array(width * height);
  for (let i = 0; i < ignored.length; i++) {
    const kind = kinds.data[i * kinds.channels] ?? 0;
    if (kind === CROWD) ignored[i] = 1;
    if (kind !== PERSON) continue;
    const at = i * colours.channels;
    const [r = 0, g = 0, b = 0] = colours.data.subarray(at, at + 3);
    const id = r + 256 * g + 65536 * b;
    const mask = masks.get(id) ?? new Uint8Array(width * height);
    masks.set(id, mask);
    mask[i] = 1;
  }
  const { name: id } = parse(name);
  const persons = [...masks.values()].map((mask) => toPerson(mask, width, height)).sort((a, b) => b.area - a.area);
  return { id, image: join(folder, 'images', `${id}.jpg`), width, height, persons, ignored, index };
}

function toPerson(mask: Uint8Array, width: number, height: number): TruePerson {
  let [left, top, right, bottom, count] = [width, height, 0, 0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    count++;
  }
  const box = { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height };
  return { mask, box, area: count / (width * height) };
}

async function list(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.png')).sort();
}

async function readBytes(path: string) {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}
