import { join } from 'node:path';
import { anonymiseNeeds, boxIou } from '@focal/core';
import type { Analyser } from '@focal/models';
import { toCoverMask, toParams } from './anonymise-covered.ts';
import { atMost, type BenchContext, type BenchResult } from './bench.ts';
import { readPeoplePhotos } from './people-sets.ts';
import { readPhoto } from './photos.ts';

/** Smaller people than this share of a photo are not looked at. */
const LEAST_AREA = 0.02;
/** A person counts as found by a box of so much overlap. */
const FOUND = 0.5;
/** So much of somebody left uncovered is a hand or a foot. */
const LIMB = 0.05;

const UNCOVERED = 'whole people, found ones: share of their pixels left uncovered';
const UNCOVERED_ODD = `${UNCOVERED}, odd half`;
const LIMBS = `whole people, found ones: share of them of whom over ${LIMB * 100} % is left`;
const AREA = 'whole people: area covered / area of people';
const MISSED = 'whole people: share that is not found';

export const PEOPLE_ROWS: readonly string[] = [UNCOVERED, UNCOVERED_ODD, LIMBS, AREA, MISSED];

const UNCOVERED_GOAL = 0.01;

/** How much of people outlined by hand (`coco_val128`) is seen beside the covers of whole people. */
export async function measurePeople(
  analyser: Analyser,
  { data = '', log }: BenchContext,
): Promise<readonly BenchResult[]> {
  const params = toParams({ hide: 'people' });
  const left: { readonly share: number; readonly isOdd: boolean }[] = [];
  let [missed, covered, marked] = [0, 0, 0];
  for (const photo of await readPeoplePhotos(join(data, 'coco_val128'))) {
    const picture = await readPhoto(photo.image);
    const scene = await analyser.analyse(picture, anonymiseNeeds(params));
    const people = (scene.subjects?.subjects ?? []).filter(({ kind }) => kind === 'person');
    const mask = toCoverMask(picture, scene, params);
    covered += mask.reduce((sum, value) => sum + value, 0) / mask.length;
    marked += photo.persons.reduce((sum, { area }) => sum + area, 0);
    for (const truth of photo.persons.filter(({ area }) => area > LEAST_AREA)) {
      if (!people.some(({ box }) => boxIou(box, truth.box) > FOUND)) {
        missed++;
        continue;
      }
      let [seen, all] = [0, 0];
      for (let i = 0; i < mask.length; i++) {
        if (truth.mask[i] === 0) continue;
        all++;
        if (mask[i] === 0) seen++;
      }
      left.push({ share: seen / all, isOdd: photo.index % 2 === 1 });
      if (seen / all > LIMB) log(`  ${(seen / all).toFixed(2)} of a person of ${photo.id} left`);
    }
  }
  const mean = (of: typeof left): number => of.reduce((sum, { share }) => sum + share, 0) / of.length;
  return [
    atMost(UNCOVERED, mean(left), UNCOVERED_GOAL, 'share', `${left.length} people`),
    { name: UNCOVERED_ODD, value: mean(left.filter(({ isOdd }) => isOdd)), unit: 'share' },
    { name: LIMBS, value: left.filter(({ share }) => share > LIMB).length / left.length, unit: 'share' },
    { name: AREA, value: covered / marked, unit: 'ratio' },
    { name: MISSED, value: missed / (missed + left.length), unit: 'share' },
  ];
}
