import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Box, boxCentre, boxIou, isInBox } from '@focal/core';
import { parseCsv } from './eval-sets.ts';

/** A face that people have marked. */
export interface TrueFace {
  /** In pixels of the photo. */
  readonly box: Box;
  /** Tiny, turned away, cut or blurred: neither a miss nor a false face. */
  readonly optional: boolean;
}

export interface FacePhoto {
  readonly image: string;
  readonly faces: readonly TrueFace[];
  /** Whether all faces in it are marked, so that another one is a false face. */
  readonly complete: boolean;
  /** Place in the sorted list of its set: even ones to tune on, odd ones to report on. */
  readonly index: number;
}

/** Has further tiny heads in the background that nobody marked. */
const INCOMPLETE = 'city.jpg';

/** The labelled photos of `faces_annotated` and `dlib_faces` that are there. Throws where there are none. */
export async function readFacePhotos(data: string): Promise<readonly FacePhoto[]> {
  const annotated = join(data, 'faces_annotated');
  const dlib = join(data, 'dlib_faces');
  const photos = [
    ...(await readSet(join(annotated, 'faces.csv'), join(annotated, 'images'))),
    ...(await readSet(join(dlib, 'detection_boxes.csv'), join(dlib, 'detection'))),
  ];
  if (photos.length === 0) throw new Error(`There are no photos with marked faces in ${data}.`);
  return photos;
}

/** The photos of `coco_val128` without people that are there. */
export async function readPhotosWithoutPeople(data: string): Promise<readonly string[]> {
  const ids = (await readFile(join(data, 'coco_val128', 'no_person.txt'), 'utf8')).split(/\s+/).filter(Boolean);
  const paths = ids.map((id) => join(data, 'coco_val128', 'images', `${id.replace(/\.jpg$/, '')}.jpg`));
  return keepFiles(paths);
}

/** Photos that one face fills, of `dlib_faces`. */
export async function readFillingFaces(data: string): Promise<readonly string[]> {
  const folder = join(data, 'dlib_faces', 'johns');
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => join(folder, name));
}

async function readSet(table: string, folder: string): Promise<readonly FacePhoto[]> {
  const byImage = new Map<string, TrueFace[]>();
  for (const row of parseCsv(await readFile(table, 'utf8'))) {
    const box = { x: Number(row.x), y: Number(row.y), width: Number(row.w), height: Number(row.h) };
    const faces = byImage.get(row.image ?? '') ?? [];
    byImage.set(row.image ?? '', [...faces, { box, optional: row.optional === '1' }]);
  }
  const names = await keepFiles([...byImage.keys()].sort().map((name) => join(folder, name)));
  return names.map((image, index) => {
    const name = image.slice(folder.length + 1);
    return { image, faces: byImage.get(name) ?? [], complete: name !== INCOMPLETE, index };
  });
}

async function keepFiles(paths: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  return paths.filter((_, i) => there[i]);
}

/** What became of the faces of one photo. */
export interface FaceMatch {
  readonly required: number;
  readonly found: number;
  /** Found where no face is marked. */
  readonly falseFaces: number;
}

/**
 * Found faces (surest first) against the true ones: each counts once. They match when each holds the other's centre, or
 * share .4 of their union. All in pixels.
 */
export function matchFaces(found: readonly Box[], truth: readonly TrueFace[]): FaceMatch {
  const used = new Set<TrueFace>();
  let falseFaces = 0;
  for (const box of found) {
    const matches = truth.filter((face) => areSame(box, face.box));
    const free = matches.filter((face) => !used.has(face));
    const best = free.find((face) => !face.optional) ?? free[0];
    if (best !== undefined) used.add(best);
    else if (matches.length === 0) falseFaces++;
  }
  const required = truth.filter((face) => !face.optional);
  return { required: required.length, found: required.filter((face) => used.has(face)).length, falseFaces };
}

function areSame(a: Box, b: Box): boolean {
  return boxIou(a, b) >= 0.4 || (isInBox(boxCentre(a), b) && isInBox(boxCentre(b), a));
}
