import { type Box, boxIou } from '@focal/core';
import type { ClassBox } from './peaks.ts';

/** Boxes of one class that overlap by more than this are one thing: people in groups overlap by half. */
const SAME_IOU = 0.55;
/** Boxes of two views that overlap by more than this are of one thing. */
const FUSE_IOU = 0.55;

/** Surest first, without the boxes that a surer one of the same class covers (class-wise non-maximum suppression). */
export function suppress(boxes: readonly ClassBox[], maxIou = SAME_IOU): readonly ClassBox[] {
  const kept: ClassBox[] = [];
  for (const each of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => other.classIndex !== each.classIndex || boxIou(other.box, each.box) <= maxIou)) {
      kept.push(each);
    }
  }
  return kept;
}

/** Boxes of several views of one picture as one list: places weighted by score, scores averaged, a missing box as 0. */
export function fuseViews(views: readonly (readonly ClassBox[])[]): readonly ClassBox[] {
  const groups: (readonly (ClassBox & { readonly view: number })[])[] = [];
  const all = views.flatMap((boxes, view) => suppress(boxes).map((each) => ({ ...each, view })));
  for (const each of all.sort((a, b) => b.score - a.score)) {
    let best = -1;
    let bestIou = FUSE_IOU;
    for (const [i, group] of groups.entries()) {
      if (group.some(({ classIndex, view }) => classIndex !== each.classIndex || view === each.view)) continue;
      const iou = boxIou(meanBox(group), each.box);
      if (iou > bestIou) {
        best = i;
        bestIou = iou;
      }
    }
    const group = groups[best];
    if (group === undefined) groups.push([each]);
    else groups[best] = [...group, each];
  }
  return suppress(
    groups.map((group) => ({
      classIndex: group[0]?.classIndex ?? 0,
      score: totalScore(group) / views.length,
      box: meanBox(group),
    })),
  );
}

function totalScore(group: readonly ClassBox[]): number {
  return group.reduce((sum, { score }) => sum + score, 0);
}

function meanBox(group: readonly ClassBox[]): Box {
  const total = totalScore(group);
  const mean = (side: keyof Box): number => group.reduce((sum, { score, box }) => sum + score * box[side], 0) / total;
  return { x: mean('x'), y: mean('y'), width: mean('width'), height: mean('height') };
}
