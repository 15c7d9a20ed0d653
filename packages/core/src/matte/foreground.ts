import type { Pass } from '../async/plan.ts';
import { type Between, createBetween } from '../filters/between.ts';
import type { Matte } from '../picture/matte.ts';
import type { Allocate, Picture } from '../picture/picture.ts';
import { markNear } from './cells.ts';
import { findRunEnd, toWords } from './runs.ts';

/** A cell with pixels between subject and background. */
const MIXED = 1;
/** Cells around the mixed ones that colours are gathered from. */
const REACH = 3;
// More would give what has no colour of its own near by that of far-away parts of the subject.
const LEVELS = 5;
const SHARE = 1 / 255;
// How strongly a cell holds to what its surroundings say, per pixel of its own.
const PRIOR = 0.05;
// The same for single pixels.
const PIXEL_PRIOR = 0.05;
// What a cell without subject (or background) of its own counts when neighbours ask it for a colour.
const LEAST_TRUST = 0.01;
/** Numbers a node: Σα², Σα(1-α), Σ(1-α)²; then Σα·color and Σ(1-α)·color, which the solution replaces. */
const NODE = 9;

interface Level {
  readonly across: number;
  readonly down: number;
  /** Pixels under each node; 0 far from edges, where the node itself holds anything. */
  readonly counts: Float32Array;
  readonly nodes: Float32Array;
}

/** Colours of subject and background near the edges, as a grid of cells over the picture. */
export interface ColorField {
  readonly cellPx: number;
  readonly level: Level;
  readonly betweenX: Between;
  readonly betweenY: Between;
}

/**
 * Passes that estimate the colours F of the subject and B of the background wherever alpha lies between, from
 * `color = α F + (1 - α) B`. [Note: foreground colours]
 *
 * After Germer, Uelwer, Conrad & Harmeling, "Fast multi-level foreground estimation" (2020): least squares that hold F
 * and B smooth, solved from coarse to fine. Here a node carries the normal equations of *all* pixels under it, summed
 * up from its children, so one solve of 2×2 a node and level suffices, with the level above as the prior; pixels are
 * solved the same way in the end ({@link solveRun}). Cost grows with the length of the edges only.
 */
export function planColorField(
  picture: Picture,
  alpha: Matte,
  allocate: Allocate,
): { passes: readonly Pass[]; field: ColorField } {
  const { width, height } = picture;
  const cellPx = Math.max(2, Math.round(Math.max(width, height) / 1024));
  const levels: Level[] = [];
  let across = Math.ceil(width / cellPx);
  let down = Math.ceil(height / cellPx);
  for (let level = 0; level < LEVELS; level++) {
    const cells = across * down;
    const numbers = cells * NODE;
    levels.push({
      across,
      down,
      counts: new Float32Array(allocate(cells * 4), 0, cells),
      nodes: new Float32Array(allocate(numbers * 4, 'anything'), 0, numbers),
    });
    across = (across + 1) >> 1;
    down = (down + 1) >> 1;
  }
  const base = levels[0] as Level;
  const flags = new Uint8Array(allocate(base.across * base.down), 0, base.across * base.down);
  const passes: Pass[] = [
    { name: 'colors-flags', rows: base.down, run: (from, to) => flagCells(alpha, cellPx, base, flags, from, to) },
    {
      name: 'colors-gather',
      rows: base.down,
      run: (from, to) => {
        const near = new Uint8Array(base.across);
        for (let row = from; row < to; row++) {
          markNear(flags, MIXED, base, row, REACH, near);
          gatherRow(picture, alpha, cellPx, base, row, near);
        }
      },
    },
  ];
  for (let level = 1; level < LEVELS; level++) {
    const fine = levels[level - 1] as Level;
    const coarse = levels[level] as Level;
    passes.push({ name: 'colors-sum', rows: coarse.down, run: (from, to) => sumLevel(fine, coarse, from, to) });
  }
  for (let level = LEVELS - 1; level >= 0; level--) {
    const here = levels[level] as Level;
    const above = levels[level + 1];
    passes.push({ name: 'colors-solve', rows: here.down, run: (from, to) => solveLevel(here, above, from, to) });
  }
  const field: ColorField = {
    cellPx,
    level: base,
    betweenX: createGridBetween(base.across, cellPx, width),
    betweenY: createGridBetween(base.down, cellPx, height),
  };
  return { passes, field };
}

/** Cells of `cellPx` pixels: the last one may reach over the picture's edge. */
function createGridBetween(cells: number, cellPx: number, pixels: number): Between {
  const { index, share } = createBetween(cells, cells * cellPx);
  return { index: index.subarray(0, pixels), share: share.subarray(0, pixels) };
}

/** Marks the cells that hold a pixel of alpha 1..254. */
function flagCells(alpha: Matte, cellPx: number, level: Level, flags: Uint8Array, from: number, to: number): void {
  const { width, height, data } = alpha;
  const words = toWords(data);
  const bottom = Math.min(height, to * cellPx);
  for (let y = from * cellPx; y < bottom; y++) {
    const cells = Math.floor(y / cellPx) * level.across;
    const start = y * width;
    const end = start + width;
    for (let i = start; i < end; ) {
      const value = data[i];
      if (value === 0 || value === 255) i = findRunEnd(data, words, i, end, value);
      else flags[cells + Math.floor((i++ - start) / cellPx)] = MIXED;
    }
  }
}

function gatherRow(picture: Picture, alpha: Matte, cellPx: number, level: Level, row: number, near: Uint8Array): void {
  const { width, height, data } = picture;
  const { nodes, counts, across } = level;
  const alphas = alpha.data;
  const bottom = Math.min(height, (row + 1) * cellPx);
  for (let cell = 0; cell < across; cell++) {
    if (near[cell] === 0) continue;
    let aa = 0;
    let ab = 0;
    let bb = 0;
    let count = 0;
    let fr = 0;
    let fg = 0;
    let fb = 0;
    let br = 0;
    let bg = 0;
    let bl = 0;
    const right = Math.min(width, (cell + 1) * cellPx);
    for (let y = row * cellPx; y < bottom; y++) {
      for (let x = cell * cellPx, i = y * width + x, p = i * 4; x < right; x++, i++, p += 4) {
        // A transparent pixel has nothing to say about colours.
        const weight = (data[p + 3] as number) * SHARE;
        const value = alphas[i] as number;
        const red = data[p] as number;
        const green = data[p + 1] as number;
        const blue = data[p + 2] as number;
        count += weight;
        // The sums below with a share of 0 or 1, which most pixels have.
        if (value === 0) {
          bb += weight;
          br += weight * red;
          bg += weight * green;
          bl += weight * blue;
          continue;
        }
        if (value === 255) {
          aa += weight;
          fr += weight * red;
          fg += weight * green;
          fb += weight * blue;
          continue;
        }
        const a = value * SHARE;
        const b = 1 - a;
        const wa = weight * a;
        const wb = weight * b;
        aa += wa * a;
        ab += wa * b;
        bb += wb * b;
        fr += wa * red;
        fg += wa * green;
        fb += wa * blue;
        br += wb * red;
        bg += wb * green;
        bl += wb * blue;
      }
    }
    counts[row * across + cell] = count;
    const o = (row * across + cell) * NODE;
    nodes[o] = aa;
    nodes[o + 1] = ab;
    nodes[o + 2] = bb;
    nodes[o + 3] = fr;
    nodes[o + 4] = fg;
    nodes[o + 5] = fb;
    nodes[o + 6] = br;
    nodes[o + 7] = bg;
    nodes[o + 8] = bl;
  }
}

function sumLevel(fine: Level, coarse: Level, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    const bottom = Math.min(fine.down, row * 2 + 2);
    for (let y = row * 2; y < bottom; y++) {
      for (let x = 0; x < fine.across; x++) {
        const child = y * fine.across + x;
        const count = fine.counts[child] as number;
        if (count === 0) continue;
        const node = row * coarse.across + (x >> 1);
        const before = coarse.counts[node] as number;
        coarse.counts[node] = before + count;
        const source = child * NODE;
        const target = node * NODE;
        // What the node held before its first child is no sum.
        if (before === 0) for (let k = 0; k < NODE; k++) coarse.nodes[target + k] = fine.nodes[source + k] as number;
        else for (let k = 0; k < NODE; k++) addAt(coarse.nodes, target + k, fine.nodes[source + k] as number);
      }
    }
  }
}

/**
 * Solves each node of rows `from`..`to` for F and B, held to the level above, and puts them where the sums were. What the
 * level above says is between its four nodes around, each counting by how much subject (or background) it saw.
 */
function solveLevel(level: Level, above: Level | undefined, from: number, to: number): void {
  const { across, counts, nodes } = level;
  for (let row = from; row < to; row++) {
    for (let x = 0; x < across; x++) {
      const count = counts[row * across + x] as number;
      if (count === 0) continue;
      const o = (row * across + x) * NODE;
      // Plain numbers, and no loops over channels: this is most of the work of a small picture.
      let fr = 0;
      let fg = 0;
      let fb = 0;
      let br = 0;
      let bg = 0;
      let bl = 0;
      if (above === undefined) {
        fr = br = ((nodes[o + 3] as number) + (nodes[o + 6] as number)) / count;
        fg = bg = ((nodes[o + 4] as number) + (nodes[o + 7] as number)) / count;
        fb = bl = ((nodes[o + 5] as number) + (nodes[o + 8] as number)) / count;
      } else {
        const px = (x - 0.5) / 2;
        const py = (row - 0.5) / 2;
        const left = Math.floor(px);
        const top = Math.floor(py);
        const shareX = px - left;
        const shareY = py - top;
        let sumF = 0;
        let sumB = 0;
        for (let v = 0; v < 2; v++) {
          const y = top + v;
          if (y < 0 || y >= above.down) continue;
          const weightY = v === 0 ? 1 - shareY : shareY;
          for (let u = 0; u < 2; u++) {
            const column = left + u;
            if (column < 0 || column >= above.across) continue;
            const node = y * above.across + column;
            const seen = above.counts[node] as number;
            const weight = weightY * (u === 0 ? 1 - shareX : shareX);
            if (seen === 0 || weight === 0) continue;
            const i = node * NODE;
            const trustF = weight * ((above.nodes[i] as number) / seen + LEAST_TRUST);
            const trustB = weight * ((above.nodes[i + 2] as number) / seen + LEAST_TRUST);
            sumF += trustF;
            sumB += trustB;
            fr += trustF * (above.nodes[i + 3] as number);
            fg += trustF * (above.nodes[i + 4] as number);
            fb += trustF * (above.nodes[i + 5] as number);
            br += trustB * (above.nodes[i + 6] as number);
            bg += trustB * (above.nodes[i + 7] as number);
            bl += trustB * (above.nodes[i + 8] as number);
          }
        }
        fr /= sumF;
        fg /= sumF;
        fb /= sumF;
        br /= sumB;
        bg /= sumB;
        bl /= sumB;
      }
      const hold = PRIOR * count;
      const aa = (nodes[o] as number) + hold;
      const ab = nodes[o + 1] as number;
      const bb = (nodes[o + 2] as number) + hold;
      const scale = 1 / (aa * bb - ab * ab);
      const er = (nodes[o + 3] as number) + hold * fr;
      const eg = (nodes[o + 4] as number) + hold * fg;
      const eb = (nodes[o + 5] as number) + hold * fb;
      const hr = (nodes[o + 6] as number) + hold * br;
      const hg = (nodes[o + 7] as number) + hold * bg;
      const hb = (nodes[o + 8] as number) + hold * bl;
      nodes[o + 3] = clampByte((bb * er - ab * hr) * scale);
      nodes[o + 4] = clampByte((bb * eg - ab * hg) * scale);
      nodes[o + 5] = clampByte((bb * eb - ab * hb) * scale);
      nodes[o + 6] = clampByte((aa * hr - ab * er) * scale);
      nodes[o + 7] = clampByte((aa * hg - ab * eg) * scale);
      nodes[o + 8] = clampByte((aa * hb - ab * eb) * scale);
    }
  }
}

/** Colours of one row of pixels in the making: cells are blended once each, when first needed. */
export interface RowColors {
  readonly mixed: Float32Array;
  /** The first cell not yet blended. Set to 0 for a new row. */
  next: number;
}

export function createRowColors(field: ColorField): RowColors {
  return { mixed: new Float32Array(field.level.across * MIX), next: 0 };
}

/**
 * Writes the subject's colours, as bytes, for the pixels of row `y` from column `from` on, as far as their alpha is
 * 1..254; gives the column after the last. Runs of a row from left to right.
 */
export function solveRun(
  picture: Picture,
  alpha: Matte,
  field: ColorField,
  row: RowColors,
  from: number,
  y: number,
  target: Picture,
): number {
  const { width } = picture;
  const own = picture.data;
  const alphas = alpha.data;
  const written = target.data;
  const { index, share: shares } = field.betweenX;
  const last = field.level.across - 1;
  const { mixed } = row;
  let x = from;
  for (let i = y * width + from, at = i * 4; x < width; x++, i++, at += 4) {
    const value = alphas[i] as number;
    if (value === 0 || value === 255) break;
    const left = index[x] as number;
    const right = left < last ? left + 1 : left;
    if (row.next <= right) mixCells(field, row, left, right, y);
    const share = shares[x] as number;
    const rest = 1 - share;
    const l = left * MIX;
    const r = right * MIX;
    const red = own[at] as number;
    const green = own[at + 1] as number;
    const blue = own[at + 2] as number;
    const trust = (mixed[l] as number) * rest + (mixed[r] as number) * share;
    if (trust === 0) {
      written[at] = red;
      written[at + 1] = green;
      written[at + 2] = blue;
      continue;
    }
    const a = value * SHARE;
    const b = 1 - a;
    const gain = a / (a * a + b * b + PIXEL_PRIOR);
    const scaleF = 1 / trust;
    const scaleB = b / ((mixed[l + 1] as number) * rest + (mixed[r + 1] as number) * share);
    const fr = ((mixed[l + 2] as number) * rest + (mixed[r + 2] as number) * share) * scaleF;
    const fg = ((mixed[l + 3] as number) * rest + (mixed[r + 3] as number) * share) * scaleF;
    const fb = ((mixed[l + 4] as number) * rest + (mixed[r + 4] as number) * share) * scaleF;
    const br = ((mixed[l + 5] as number) * rest + (mixed[r + 5] as number) * share) * scaleB;
    const bg = ((mixed[l + 6] as number) * rest + (mixed[r + 6] as number) * share) * scaleB;
    const bb = ((mixed[l + 7] as number) * rest + (mixed[r + 7] as number) * share) * scaleB;
    written[at] = (clampByte(fr + gain * (red - a * fr - br)) + 0.5) | 0;
    written[at + 1] = (clampByte(fg + gain * (green - a * fg - bg)) + 0.5) | 0;
    written[at + 2] = (clampByte(fb + gain * (blue - a * fb - bb)) + 0.5) | 0;
  }
  return x;
}

/** Trust in F and in B, then both colours times that. */
const MIX = 8;

/** Blends the cells of two rows for pixel row `y`, up to `right`; those before `left` are not needed any more. */
function mixCells({ level, betweenY }: ColorField, row: RowColors, left: number, right: number, y: number): void {
  const { across, down } = level;
  const upper = betweenY.index[y] as number;
  const lower = Math.min(down - 1, upper + 1);
  const share = betweenY.share[y] as number;
  for (let cell = row.next < left ? left : row.next; cell <= right; cell++) {
    const o = cell * MIX;
    for (let k = o; k < o + MIX; k++) row.mixed[k] = 0;
    addNode(level, upper * across + cell, 1 - share, row.mixed, o);
    addNode(level, lower * across + cell, share, row.mixed, o);
  }
  row.next = right + 1;
}

function addNode({ counts, nodes }: Level, node: number, weight: number, mixed: Float32Array, o: number): void {
  const count = counts[node] as number;
  if (count === 0) return;
  const n = node * NODE;
  const trustF = weight * ((nodes[n] as number) / count + LEAST_TRUST);
  const trustB = weight * ((nodes[n + 2] as number) / count + LEAST_TRUST);
  mixed[o] = (mixed[o] as number) + trustF;
  mixed[o + 1] = (mixed[o + 1] as number) + trustB;
  mixed[o + 2] = (mixed[o + 2] as number) + trustF * (nodes[n + 3] as number);
  mixed[o + 3] = (mixed[o + 3] as number) + trustF * (nodes[n + 4] as number);
  mixed[o + 4] = (mixed[o + 4] as number) + trustF * (nodes[n + 5] as number);
  mixed[o + 5] = (mixed[o + 5] as number) + trustB * (nodes[n + 6] as number);
  mixed[o + 6] = (mixed[o + 6] as number) + trustB * (nodes[n + 7] as number);
  mixed[o + 7] = (mixed[o + 7] as number) + trustB * (nodes[n + 8] as number);
}

function addAt(values: Float32Array, i: number, value: number): void {
  values[i] = (values[i] as number) + value;
}

function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
