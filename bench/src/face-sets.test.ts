import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { matchFaces, readFacePhotos, readFillingFaces, readPhotosWithoutPeople } from './face-sets.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-bench-faces-'));
  for (const path of ['faces_annotated/images', 'dlib_faces/detection', 'dlib_faces/johns/A', 'coco_val128/images']) {
    await mkdir(join(folder, path), { recursive: true });
  }
  await writeFile(
    join(folder, 'faces_annotated', 'faces.csv'),
    'image,width,height,cx,cy,x,y,w,h,optional\nb.jpg,9,9,5,5,1,2,3,4,0\nb.jpg,9,9,5,5,5,6,2,2,1\ncity.jpg,9,9,5,5,1,2,3,4,0\ngone.jpg,9,9,5,5,1,2,3,4,0\n',
  );
  await writeFile(join(folder, 'dlib_faces', 'detection_boxes.csv'), 'image,x,y,w,h\na.jpg,10,20,30,40\n');
  await writeFile(join(folder, 'coco_val128', 'no_person.txt'), '000000000285\n000000000632\n');
  const files = ['faces_annotated/images/b.jpg', 'faces_annotated/images/city.jpg', 'dlib_faces/detection/a.jpg'];
  for (const file of [...files, 'dlib_faces/johns/A/1.jpg', 'coco_val128/images/000000000285.jpg']) {
    await writeFile(join(folder, file), '');
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('photos come with their faces, those that are not there are skipped', async () => {
  const photos = await readFacePhotos(folder);
  expect(photos.map(({ image, index, complete }) => [image.slice(folder.length + 1), index, complete])).toEqual([
    [join('faces_annotated', 'images', 'b.jpg'), 0, true],
    [join('faces_annotated', 'images', 'city.jpg'), 1, false],
    [join('dlib_faces', 'detection', 'a.jpg'), 0, true],
  ]);
  expect(photos[0]?.faces).toEqual([
    { box: { x: 1, y: 2, width: 3, height: 4 }, optional: false },
    { box: { x: 5, y: 6, width: 2, height: 2 }, optional: true },
  ]);
});

test('photos without people and of one face are listed', async () => {
  expect(await readPhotosWithoutPeople(folder)).toEqual([join(folder, 'coco_val128', 'images', '000000000285.jpg')]);
  expect(await readFillingFaces(folder)).toEqual([join(folder, 'dlib_faces', 'johns', 'A', '1.jpg')]);
});

test('a face is found once, an optional one counts neither way', () => {
  const box = { x: 10, y: 10, width: 20, height: 20 };
  const aside = { ...box, x: 100 };
  const truth = [
    { box, optional: false },
    { box: aside, optional: true },
  ];
  expect(matchFaces([], truth)).toEqual({ required: 1, found: 0, falseFaces: 0 });
  expect(matchFaces([box, box, aside], truth)).toEqual({ required: 1, found: 1, falseFaces: 0 });
  // A box twice as large around the same centre shares a fourth of the union, but the centres agree.
  expect(matchFaces([{ x: 0, y: 0, width: 40, height: 40 }], truth).found).toBe(1);
  expect(matchFaces([{ x: 25, y: 25, width: 20, height: 20 }], truth)).toEqual({
    required: 1,
    found: 0,
    falseFaces: 1,
  });
});
