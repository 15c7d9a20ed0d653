import type { Pass, Plan } from '../async/plan.ts';
import type { ThreadCache } from '../async/thread-cache.ts';
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
}

/**
 * A run of shaders over a picture as one pass, rounded once. `target` may be the picture itself where nobody needs it
 * afterwards. What no shader changes keeps its bytes.
 */
export function planShadeRun(
  picture: Picture,
  steps: readonly ShadeStep[],
  target: Picture,
  cache?: ThreadCache,
): Plan<Picture> {
  let shadeRow: ((y: number) => void) | undefined;
  const pass: Pass = {
    name: 'shade',
    rows: picture.height,
    run(from, to) {
      // Made on the thread that runs the pass, and kept for its other bands.
      shadeRow ??= createShadeRow(picture, steps, target, cache);
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
    input.cache,
  );
}

function createShadeRow(
  picture: Picture,
  steps: readonly ShadeStep[],
  target: Picture,
  cache: ThreadCache | undefined,
): (y: number) => void {
  const { width } = picture;
  const bench = createRowBench(width, { cache });
  const { line } = bench;
  const shaders = steps.map(({ shader }) => shader.create());
  return (y) => {
    const base = y * width * 4;
    bench.load(picture.data, base);
    for (const [index, { selection, opacity = 1 }] of steps.entries()) {
      const { alpha, cut } = selection;
      const row = {
        y,
        width,
        line,
        bench,
        ...(alpha !== undefined && { alpha: alpha.data.subarray(y * width, (y + 1) * width) }),
        ...(cut !== undefined && { subject: bench.takeSubject(cut.data, base) }),
      };
      if (opacity < 1) bench.keep();
      shaders[index]?.(row);
      if (opacity < 1) bench.blend(opacity);
    }
    bench.store(y, target.data, base);
  };
}
