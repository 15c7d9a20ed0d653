import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { type Box, boxIou } from '@focal/core';

/** A marked thing: its class by number, and where it is. */
export interface TrueObject {
  readonly classIndex: number;
  readonly box: Box;
}

/** A found thing. */
export interface ScoredObject extends TrueObject {
  /** 0..1. */
  readonly score: number;
}

export interface ObjectPhoto {
  readonly id: string;
  readonly image: string;
  readonly truths: readonly TrueObject[];
  /** Place in the sorted list of the photos that are there: even ones to tune on, odd ones to report on. */
  readonly index: number;
}

/** Photos of `images/ID.jpg` with `labels_det/ID.txt`: lines of class, centre x, centre y, width, height in fractions. */
export async function readObjectPhotos(folder: string): Promise<readonly ObjectPhoto[]> {
  const names = (await readdir(join(folder, 'images')).catch(() => [])).filter((name) => name.endsWith('.jpg')).sort();
  if (names.length === 0) throw new Error(`There are no photos in ${folder}/images.`);
  return Promise.all(
    names.map(async (name, index) => {
      const { name: id } = parse(name);
      // A photo without things has no file.
      const text = await readFile(join(folder, 'labels_det', `${id}.txt`), 'utf8').catch(() => '');
      const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
      return { id, image: join(folder, 'images', name), truths: lines.map(toTruth), index };
    }),
  );
}

function toTruth(line: string): TrueObject {
  const [classIndex = Number.NaN, x = 0, y = 0, width = 0, height = 0] = line.trim().split(/\s+/).map(Number);
  return { classIndex, box: { x: x - width / 2, y: y - height / 2, width, height } };
}

/** What was found in one photo, beside what is there. */
export interface PhotoResult {
  readonly truths: readonly TrueObject[];
  readonly found: readonly ScoredObject[];
}

/** COCO's recall points: 0, .01 … 1. */
const RECALL_POINTS = 101;

/**
 * Average precision of one class at an IoU threshold by COCO's rules (Lin et al. 2014; 101 recall points, precision
 * made to fall). NaN where the class is nowhere.
 */
export function averagePrecision(results: readonly PhotoResult[], classIndex: number, minIou: number): number {
  const hits: { readonly score: number; readonly isTrue: boolean }[] = [];
  let total = 0;
  for (const { truths, found } of results) {
    const own = truths.filter((truth) => truth.classIndex === classIndex);
    total += own.length;
    const claims = found.filter((each) => each.classIndex === classIndex);
    hits.push(
      ...matchObjects(own, claims, minIou).map(({ claim, truth }) => ({
        score: claim.score,
        isTrue: truth !== undefined,
      })),
    );
  }
  if (total === 0) return Number.NaN;
  hits.sort((a, b) => b.score - a.score);
  const recalls: number[] = [];
  const precisions: number[] = [];
  let right = 0;
  for (const [i, { isTrue }] of hits.entries()) {
    if (isTrue) right++;
    recalls.push(right / total);
    precisions.push(right / (i + 1));
  }
  for (let i = precisions.length - 2; i >= 0; i--) {
    precisions[i] = Math.max(precisions[i] as number, precisions[i + 1] as number);
  }
  let sum = 0;
  for (let point = 0; point < RECALL_POINTS; point++) {
    const i = recalls.findIndex((recall) => recall >= point / (RECALL_POINTS - 1));
    sum += i === -1 ? 0 : (precisions[i] as number);
  }
  return sum / RECALL_POINTS;
}

/** Mean over the classes that are there. */
export function meanAveragePrecision(results: readonly PhotoResult[], minIou: number): number {
  const classes = new Set(results.flatMap(({ truths }) => truths.map(({ classIndex }) => classIndex)));
  const values = [...classes].map((classIndex) => averagePrecision(results, classIndex, minIou));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Recall and precision of one class in what was found, among boxes larger than this share of the photo. */
export function measureAt(
  results: readonly PhotoResult[],
  classIndex: number,
  minArea: number,
): { readonly recall: number; readonly precision: number; readonly truths: number } {
  let right = 0;
  let claimed = 0;
  let total = 0;
  for (const { truths, found } of results) {
    const own = truths.filter((truth) => truth.classIndex === classIndex);
    const isLarge = ({ box }: TrueObject): boolean => box.width * box.height > minArea;
    total += own.filter(isLarge).length;
    for (const { claim, truth } of matchObjects(
      own,
      found.filter((each) => each.classIndex === classIndex),
      0.5,
    )) {
      // A large box on a small person is neither right nor wrong here, as in COCO's sizes.
      if (truth === undefined ? isLarge(claim) : isLarge(truth)) {
        claimed++;
        if (truth !== undefined) right++;
      }
    }
  }
  return { recall: right / total, precision: right / claimed, truths: total };
}

/** Each claim, surest first, with the truth that it takes: the one of largest IoU that none took before. */
function matchObjects(
  truths: readonly TrueObject[],
  claims: readonly ScoredObject[],
  minIou: number,
): readonly { readonly claim: ScoredObject; readonly truth: TrueObject | undefined }[] {
  const free = new Set(truths);
  return [...claims]
    .sort((a, b) => b.score - a.score)
    .map((claim) => {
      let best: TrueObject | undefined;
      let bestIou = minIou;
      for (const truth of free) {
        const iou = boxIou(claim.box, truth.box);
        if (iou >= bestIou) {
          best = truth;
          bestIou = iou;
        }
      }
      if (best !== undefined) free.delete(best);
      return { claim, truth: best };
    });
}
