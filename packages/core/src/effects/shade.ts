import type { Pass, Plan } from '../async/plan.ts';
import type { ThreadCache } from '../async/thread-cache.ts';
import { findRunEnd, toWords } from '../matte/runs.ts';
import type { Matte } from '../picture/matte.ts';
import { type Bytes, createPicture, type Picture, uncleared } from '../picture/picture.ts';
import type { EffectInput, Selection } from './effect.ts';
import { createRowBench, type RowBench } from './shade/row-kernels.ts';

// [Note: rows of a recipe] Most effects change a pixel by what it is, where it lies and how much of it is selected. A
// run of them is one pass: a row is read into floats, handed from shader to shader, and rounded once, with dither. What
// a shader needs beyond its row (a blurred shadow, a table) it makes in passes of its own, which run before and read the
// picture that the run starts from. Effects that look at neighbours, such as bokeh, end a run: they see its rounded
// result, and the next run starts from theirs. Noise of the dither is that of bokeh (dither.ts).

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
  /** The line and room beside it, with what many shaders do. */
  readonly bench: RowBench;
}

/** Changes one row in place. Belongs to one thread. */
export type ShadeRows = (row: ShadeRow) => void;

/** An effect as a function of rows. */
export interface Shader {
  /** Run before the rows, in this order. They read the picture of the {@link EffectInput}. */
  readonly passes: readonly Pass[];
  /** Called once by each thread; may hold scratch memory. */
  create(): ShadeRows;
}

/** A shader with what it acts on. */
export interface ShadeStep {
  readonly shader: Shader;
  readonly selection: Selection;
  /** 0..1: how much of the change is kept. Default 1. */
  readonly opacity?: number;
  /** Whether the selected alone are still those of the last step that took them. Default: no. */
  readonly isSubjectHeld?: boolean;
}

/** The selected alone as a run of shaders leaves them. */
export interface ShadedCut {
  /** As they were before. */
  readonly cut: Picture;
  readonly alpha: Matte;
  /** May be the cut itself, where nobody needs it afterwards. */
  readonly target: Picture;
}

export interface ShadeRunOptions {
  readonly cache?: ThreadCache | undefined;
  /** Written too: of the last step that takes a cut, after which nothing changes the selected. */
  readonly shaded?: ShadedCut | undefined;
}

/**
 * A run of shaders over a picture as one pass, rounded once. `target` may be the picture itself where nobody needs it
 * afterwards. What no shader changes keeps its bytes.
 */
export function planShadeRun(
  picture: Picture,
  steps: readonly ShadeStep[],
  target: Picture,
  options: ShadeRunOptions = {},
): Plan<Picture> {
  let shadeRow: ((y: number) => void) | undefined;
  const pass: Pass = {
    name: 'shade',
    rows: picture.height,
    run(from, to) {
      // Made on the thread that runs the pass, and kept for its other bands.
      shadeRow ??= createShadeRow(picture, steps, target, options);
      for (let y = from; y < to; y++) shadeRow(y);
    },
  };
  return { passes: [...steps.flatMap(({ shader }) => shader.passes), pass], result: target };
}

/** The plan of an effect that is given by its shader. */
export function planShader(input: EffectInput<unknown>, shader: Shader): Plan<Picture> {
  const { picture, allocate, selection = { subjects: [], faces: [] } } = input;
  const { width, height, colorSpace } = picture;
  return planShadeRun(
    picture,
    [{ shader, selection }],
    createPicture(width, height, { colorSpace, allocate: uncleared(allocate) }),
    { cache: input.cache },
  );
}

function createShadeRow(
  picture: Picture,
  steps: readonly ShadeStep[],
  target: Picture,
  { cache, shaded }: ShadeRunOptions,
): (y: number) => void {
  const { width } = picture;
  const bench = createRowBench(width, { cache });
  const { line } = bench;
  const shaders = steps.map(({ shader }) => shader.create());
  const writeCut = shaded && createCutWriter(shaded, target, bench.subject);
  return (y) => {
    const base = y * width * 4;
    bench.load(picture.data, base);
    for (const [index, { selection, opacity = 1, isSubjectHeld }] of steps.entries()) {
      const { alpha, cut } = selection;
      const row = {
        y,
        width,
        line,
        bench,
        ...(alpha !== undefined && { alpha: alpha.data.subarray(y * width, (y + 1) * width) }),
        ...(cut !== undefined && { subject: isSubjectHeld ? bench.subject : bench.takeSubject(cut.data, base) }),
      };
      if (opacity < 1) bench.keep();
      shaders[index]?.(row);
      if (opacity < 1) bench.blend(opacity);
    }
    bench.store(y, target.data, base);
    writeCut?.(y);
  };
}

/** Writes rows of the selected alone: soft pixels from the row's `subject`, solid ones as the finished picture has them. */
function createCutWriter(
  { cut, alpha, target }: ShadedCut,
  picture: Picture,
  subject: Float32Array,
): (y: number) => void {
  const words = toWords(alpha.data);
  const [source, written] = [cut.data, target.data];
  return (y) => {
    const base = y * picture.width;
    const end = base + picture.width;
    for (let i = base; i < end; ) {
      const value = alpha.data[i];
      if (value === 0) {
        const start = i;
        i = findRunEnd(alpha.data, words, i, end, 0);
        if (target !== cut) written.fill(0, start * 4, i * 4);
        continue;
      }
      for (let o = (i - base) * 4; i < end && alpha.data[i] === value; i++, o += 4) {
        const at = i * 4;
        if (source[at + 3] === 255) {
          for (let c = 0; c < 4; c++) written[at + c] = picture.data[at + c] as number;
          continue;
        }
        const own = subject[o + 3] as number;
        const byte = Math.min(255, (own + 0.5) | 0);
        const scale = 255 / own;
        for (let c = 0; c < 3; c++) {
          written[at + c] = byte === 0 ? 0 : Math.min(255, Math.max(0, (subject[o + c] as number) * scale + 0.5)) | 0;
        }
        written[at + 3] = byte;
      }
    }
  };
}
