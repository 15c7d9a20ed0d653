import type { Matte } from '../picture/matte.ts';
import type { Bytes } from '../picture/picture.ts';
import { resizeMatte } from '../picture/resize.ts';
import { type Box, boxArea, boxCentre, boxIou, clampBox, type Point } from './geometry.ts';
import type { Face, SaliencyBasis, Subject } from './scene.ts';

/** What is known of where the subject of a picture is. */
export interface SubjectEvidence {
  /** Evidence for the top class, all 0 without one. */
  readonly map?: Matte;
  /** Score of the top class, 0..1. */
  readonly score?: number;
  readonly matte?: Matte;
  readonly faces?: readonly Pick<Face, 'box' | 'score'>[];
  readonly subjects?: readonly Pick<Subject, 'id' | 'box'>[];
}

/** The main subject: the parts of a saliency that do not come from a model. */
export interface MainSubject {
  readonly box: Box;
  readonly focalPoint: Point;
  readonly subjectId?: string;
  readonly confidence: number;
  readonly basis: SaliencyBasis;
}

/** Map and matte are compared on a grid of so many cells a side. */
const SIDE = 96;
const HALF = 128;
/** A matte of less than this, or of all but this, tells nothing. Shares of the picture. */
const LEAST_MATTE = 0.003;
/** Share of the map's evidence within the matte from which the two agree. */
const AGREEMENT = 0.4;
/** Parts of the matte count that have this share of the evidence, or of the area, of the strongest part. */
const PART_EVIDENCE = 0.25;
const PART_AREA = 0.1;
/** Of a map alone, the box spans all but this share of the evidence on each side. */
const TAIL = 0.08;
/** A subject whose box is this much the same as the main one's is it. */
const SAME_BOX = 0.5;

/**
 * What the picture is about, from the best evidence there is: where map and matte agree; else the matte; else the map;
 * else the faces; else nothing, and that is the whole picture with its centre and confidence 0.
 */
export function findMainSubject(evidence: SubjectEvidence): MainSubject {
  const found = fromMatte(evidence) ?? fromMap(evidence) ?? fromFaces(evidence);
  if (found === undefined) {
    const box = { x: 0, y: 0, width: 1, height: 1 };
    return { box, focalPoint: boxCentre(box), confidence: 0, basis: 'centre' };
  }
  const focalPoint = largestFace(evidence, found.box) ?? found.focalPoint;
  const subject = (evidence.subjects ?? [])
    .map(({ id, box }) => ({ id, iou: boxIou(box, found.box) }))
    .sort((a, b) => b.iou - a.iou)
    .find(({ iou }) => iou >= SAME_BOX);
  return { ...found, focalPoint, ...(subject === undefined ? {} : { subjectId: subject.id }) };
}

function fromMatte({ map, matte, score = 0 }: SubjectEvidence): MainSubject | undefined {
  if (matte === undefined) return undefined;
  const alpha = resizeMatte(matte, SIDE, SIDE).data;
  const inside = alpha.filter((value) => value >= HALF).length / alpha.length;
  if (inside < LEAST_MATTE || inside > 1 - LEAST_MATTE) return undefined;
  const strengths = map === undefined ? undefined : resizeMatte(map, SIDE, SIDE).data;
  const share = strengths === undefined ? 0 : shareWithin(strengths, alpha);
  const isAgreed = share >= Math.max(AGREEMENT, inside);
  const parts = findParts(alpha, isAgreed ? strengths : undefined);
  const largest = Math.max(...parts.map((part) => part.cells.length));
  const strongest = Math.max(...parts.map((part) => part.evidence));
  const kept = parts.filter(
    (part) => part.evidence >= PART_EVIDENCE * strongest && part.cells.length >= PART_AREA * PART_EVIDENCE * largest,
  );
  const cells = kept.flatMap((part) => part.cells);
  const box = boxOf(cells);
  const focalPoint = centreOf(cells, isAgreed && strengths !== undefined ? strengths : alpha);
  if (isAgreed)
    return { box, focalPoint, confidence: 0.5 + 0.5 * Math.min(1, share) * Math.sqrt(score), basis: 'map-and-matte' };
  // A subject in one piece is likelier the one that was meant.
  return { box, focalPoint, confidence: 0.3 + (0.3 * largest) / cells.length, basis: 'matte' };
}

function fromMap({ map, score = 0 }: SubjectEvidence): MainSubject | undefined {
  if (map === undefined || map.data.every((value) => value === 0)) return undefined;
  const strengths = resizeMatte(map, SIDE, SIDE).data;
  const [left, right] = middleOf(strengths, (i) => i % SIDE);
  const [top, bottom] = middleOf(strengths, (i) => Math.floor(i / SIDE));
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  const all = Array.from(strengths, (_, i) => i);
  // Evidence that is spread over everything points at nothing.
  return { box, focalPoint: centreOf(all, strengths), confidence: 0.5 * score * (1 - boxArea(box) / 2), basis: 'map' };
}

function fromFaces({ faces = [] }: SubjectEvidence): MainSubject | undefined {
  const boxes = faces.map((face) => clampBox(face.box)).filter((box) => boxArea(box) > 0);
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  const box = { x, y, width, height };
  return {
    box,
    focalPoint: boxCentre(box),
    confidence: 0.4 * Math.max(...faces.map((face) => face.score)),
    basis: 'faces',
  };
}

/** Centre of the largest face in the box, where there is one. */
function largestFace({ faces = [] }: SubjectEvidence, box: Box): Point | undefined {
  const inside = faces
    .map((face) => clampBox(face.box))
    .filter((face) => {
      const { x, y } = boxCentre(face);
      return boxArea(face) > 0 && x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height;
    })
    .sort((a, b) => boxArea(b) - boxArea(a));
  return inside[0] === undefined ? undefined : boxCentre(inside[0]);
}

function shareWithin(strengths: Bytes, alpha: Bytes): number {
  let [inside, all] = [0, 0];
  for (let i = 0; i < alpha.length; i++) {
    const strength = strengths[i] as number;
    all += strength;
    inside += strength * ((alpha[i] as number) / 255);
  }
  return all === 0 ? 0 : inside / all;
}

interface Part {
  /** Indices into the grid. */
  readonly cells: readonly number[];
  readonly evidence: number;
}

/** To the cells above, below, left and right. */
const WAYS = [-SIDE, SIDE, -1, 1] as const;

/** Connected parts (by sides) of the matte above one half, with their evidence: the map's, else their size. */
function findParts(alpha: Bytes, strengths: Bytes | undefined): readonly Part[] {
  const seen = new Uint8Array(alpha.length);
  const parts: Part[] = [];
  for (let start = 0; start < alpha.length; start++) {
    if (seen[start] === 1 || (alpha[start] as number) < HALF) continue;
    const cells = [start];
    seen[start] = 1;
    // The list grows as it is walked.
    for (const at of cells) {
      const x = at % SIDE;
      for (let way = 0; way < 4; way++) {
        if ((way === 2 && x === 0) || (way === 3 && x === SIDE - 1)) continue;
        const next = at + (WAYS[way] as number);
        if (next < 0 || next >= alpha.length || seen[next] === 1 || (alpha[next] as number) < HALF) continue;
        seen[next] = 1;
        cells.push(next);
      }
    }
    const evidence =
      strengths === undefined ? cells.length : cells.reduce((sum, at) => sum + (strengths[at] as number), 0);
    parts.push({ cells, evidence });
  }
  return parts;
}

function boxOf(cells: readonly number[]): Box {
  const columns = cells.map((at) => at % SIDE);
  const rows = cells.map((at) => Math.floor(at / SIDE));
  const x = columns.reduce((least, value) => Math.min(least, value), SIDE) / SIDE;
  const y = rows.reduce((least, value) => Math.min(least, value), SIDE) / SIDE;
  return {
    x,
    y,
    width: (columns.reduce((most, value) => Math.max(most, value), 0) + 1) / SIDE - x,
    height: (rows.reduce((most, value) => Math.max(most, value), 0) + 1) / SIDE - y,
  };
}

/** The cell nearest to the middle of all that weigh something: of a ring it lies on the ring. */
function centreOf(cells: readonly number[], weights: Bytes): Point {
  let [sum, x, y] = [0, 0, 0];
  for (const at of cells) {
    const weight = weights[at] as number;
    sum += weight;
    x += weight * (at % SIDE);
    y += weight * Math.floor(at / SIDE);
  }
  const distance = (at: number): number => ((at % SIDE) - x / sum) ** 2 + (Math.floor(at / SIDE) - y / sum) ** 2;
  const [first = 0] = cells;
  const nearest = cells.reduce((best, at) => (distance(at) < distance(best) ? at : best), first);
  return { x: ((nearest % SIDE) + 0.5) / SIDE, y: (Math.floor(nearest / SIDE) + 0.5) / SIDE };
}

/** Where the evidence begins and ends along an axis, without its tails: fractions. */
function middleOf(strengths: Bytes, axisOf: (i: number) => number): readonly [number, number] {
  const sums = new Float64Array(SIDE);
  for (const [i, strength] of strengths.entries()) sums[axisOf(i)] = (sums[axisOf(i)] as number) + strength;
  const total = sums.reduce((sum, value) => sum + value, 0);
  let [first, last] = [0, SIDE - 1];
  for (let tail = sums[first] as number; tail < TAIL * total && first < last; tail += sums[first] as number) first++;
  for (let tail = sums[last] as number; tail < TAIL * total && last > first; tail += sums[last] as number) last--;
  return [first / SIDE, (last + 1) / SIDE];
}
