import type { Pass, Plan } from '../async/plan.ts';
import { type Bytes, createPicture, type Picture } from '../picture/picture.ts';
import type { EffectInput, Selection } from './effect.ts';

// [Note: rows of a recipe] Most effects change a pixel by what it is, where it lies and how much of it is selected. A
// run of them is one pass: a row is read into floats, handed from shader to shader, and rounded once, with dither. What
// a shader needs beyond its row (a blurred shadow, a table) it makes in passes of its own, which run before and read the
// picture that the run starts from. Effects that look at neighbours, such as bokeh, end a run: they see its rounded
// result, and the next run starts from theirs.

/** One row on its way through a run of shaders. */
export interface ShadeRow {
  readonly y: number;
  readonly width: number;
  /** Red, green, blue, alpha in floats, 0..255, colours *premultiplied*. Changed in place; overshoot is allowed. */
  readonly line: Float32Array;
  /** How much of each pixel is selected, 0..255. Absent: all of it. */
  readonly alpha?: Bytes;
  /** For effects that take the cut: the selected alone, as `line`, with what the shaders before did to it. */
  readonly subject?: Float32Array;
}

/** Changes one row in place. Belongs to one thread. */
export type ShadeRows = (row: ShadeRow) => void;

/** An effect as a function of rows. */
export interface Shader {
  /** Run before the rows, in this order. They read the picture of the {@link EffectInput}. */
  readonly passes: readonly Pass[];
  /** Called once by each thread and band of rows; may hold scratch memory. */
  create(): ShadeRows;
}

/** A shader with what it acts on. */
export interface ShadeStep {
  readonly shader: Shader;
  readonly selection: Selection;
  /** 0..1: how much of the change is kept. Default 1. */
  readonly opacity?: number;
}

/**
 * A run of shaders over a picture as one pass, rounded once. `target` may be the picture itself where nobody needs it
 * afterwards. What no shader changes keeps its bytes.
 */
export function planShadeRun(picture: Picture, steps: readonly ShadeStep[], target: Picture): Plan<Picture> {
  const pass: Pass = {
    name: 'shade',
    rows: picture.height,
    run: (from, to) => shadeRows(picture, steps, target, from, to),
  };
  return { passes: [...steps.flatMap(({ shader }) => shader.passes), pass], result: target };
}

/** The plan of an effect that is given by its shader. */
export function planShader(input: EffectInput<unknown>, shader: Shader): Plan<Picture> {
  const { picture, allocate, selection = { subjects: [], faces: [] } } = input;
  const { width, height, colorSpace } = picture;
  return planShadeRun(picture, [{ shader, selection }], createPicture(width, height, { colorSpace, allocate }));
}

function shadeRows(picture: Picture, steps: readonly ShadeStep[], target: Picture, from: number, to: number): void {
  const { width } = picture;
  const line = new Float32Array(width * 4);
  const subject = steps.some(({ selection }) => selection.cut !== undefined) ? new Float32Array(width * 4) : undefined;
  const before = steps.some(({ opacity = 1 }) => opacity < 1) ? new Float32Array(width * 4) : undefined;
  const shaders = steps.map(({ shader }) => shader.create());
  for (let y = from; y < to; y++) {
    const base = y * width * 4;
    loadRow(picture.data, base, line);
    for (const [index, { selection, opacity = 1 }] of steps.entries()) {
      const { alpha, cut } = selection;
      const row = {
        y,
        width,
        line,
        ...(alpha !== undefined && { alpha: alpha.data.subarray(y * width, (y + 1) * width) }),
        ...(cut !== undefined &&
          subject !== undefined && { subject: toSubject(cut.data, picture.data, base, line, subject) }),
      };
      if (opacity < 1) before?.set(line);
      shaders[index]?.(row);
      if (opacity < 1 && before !== undefined) blend(line, before, opacity);
    }
    storeRow(line, y, target.data, base);
  }
}

/** Straight bytes into premultiplied floats. */
function loadRow(data: Bytes, base: number, line: Float32Array): void {
  for (let o = 0, i = base; o < line.length; o += 4, i += 4) {
    const alpha = data[i + 3] as number;
    const share = alpha === 255 ? 1 : alpha / 255;
    line[o] = (data[i] as number) * share;
    line[o + 1] = (data[i + 1] as number) * share;
    line[o + 2] = (data[i + 2] as number) * share;
    line[o + 3] = alpha;
  }
}

/**
 * The selected alone, premultiplied. What earlier shaders did to the row, `line` minus the bytes it came from, they did
 * to the selected in its share.
 */
function toSubject(cut: Bytes, data: Bytes, base: number, line: Float32Array, subject: Float32Array): Float32Array {
  for (let o = 0, i = base; o < line.length; o += 4, i += 4) {
    const alpha = cut[i + 3] as number;
    if (alpha === 0) {
      subject[o] = subject[o + 1] = subject[o + 2] = subject[o + 3] = 0;
      continue;
    }
    if (alpha === 255) {
      // The selected is all there is.
      subject[o] = line[o] as number;
      subject[o + 1] = line[o + 1] as number;
      subject[o + 2] = line[o + 2] as number;
      subject[o + 3] = line[o + 3] as number;
      continue;
    }
    const share = alpha / 255;
    const own = data[i + 3] as number;
    const premultiplied = own === 255 ? 1 : own / 255;
    // The change of the row itself, and of how clear it is.
    const clear = (line[o + 3] as number) - own;
    subject[o] = share * ((cut[i] as number) + (line[o] as number) - (data[i] as number) * premultiplied);
    subject[o + 1] =
      share * ((cut[i + 1] as number) + (line[o + 1] as number) - (data[i + 1] as number) * premultiplied);
    subject[o + 2] =
      share * ((cut[i + 2] as number) + (line[o + 2] as number) - (data[i + 2] as number) * premultiplied);
    subject[o + 3] = Math.max(0, alpha + share * clear);
  }
  return subject;
}

function blend(line: Float32Array, before: Float32Array, opacity: number): void {
  for (let i = 0; i < line.length; i++) {
    const was = before[i] as number;
    line[i] = was + ((line[i] as number) - was) * opacity;
  }
}

// Floats this near a whole number are that number, so that what was not changed stays as it was.
const NEAR = 1 / 512;

/**
 * Premultiplied floats into straight bytes. Between two bytes the choice is by interleaved gradient noise (Jimenez,
 * "Next generation post processing in Call of Duty: Advanced Warfare", 2014), so that soft gradients show no bands.
 */
function storeRow(line: Float32Array, y: number, data: Bytes, base: number): void {
  for (let o = 0, i = base, x = 0; o < line.length; o += 4, i += 4, x++) {
    const alpha = line[o + 3] as number;
    const byte = alpha >= 255 ? 255 : alpha <= 0 ? 0 : (alpha + 0.5) | 0;
    data[i + 3] = byte;
    if (byte === 0) {
      data[i] = data[i + 1] = data[i + 2] = 0;
      continue;
    }
    const scale = alpha >= 255 ? 1 : 255 / alpha;
    const seed = 0.06711056 * x + 0.00583715 * y;
    const noise = 52.9829189 * (seed - Math.floor(seed));
    const dither = NEAR + (noise - Math.floor(noise)) * (1 - 2 * NEAR);
    data[i] = toByte((line[o] as number) * scale, dither);
    data[i + 1] = toByte((line[o + 1] as number) * scale, dither);
    data[i + 2] = toByte((line[o + 2] as number) * scale, dither);
  }
}

function toByte(value: number, dither: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + dither) | 0;
}
