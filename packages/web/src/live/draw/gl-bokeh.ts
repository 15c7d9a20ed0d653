import {
  type Aperture,
  bokehFigures,
  countBlurLevels,
  createBokehTables,
  createDiscKernels,
  createLevelSizes,
  type FocusLook,
  type LevelSize,
  levelRadii,
  type Matte,
  mostOn,
  type Picture,
} from '@focal/core';
import { createGlKit, type GlKit, type GlTexture } from './gl-kit.ts';
import { COMPOSITE, GATHER, KERNEL_COLUMNS } from './shaders/blur.ts';
import { BOX, GLARE, HALVE, LAYER, LIGHT, PULL, PUSH, SCAN } from './shaders/light.ts';
import { CELLS, COLUMNS, COVER, FIGURES, RADII, ROWS, WEIGHTS } from './shaders/outline.ts';

/** Core's bokeh on a graphics card, within 2/255 of it. Keeps textures for pictures of one size. */
export interface GlBokeh {
  /** Holds what was drawn, until it is taken or the task ends. */
  readonly canvas: OffscreenCanvas;
  /**
   * `subject`: its alpha, in the picture's size. Returns when it is drawn: false where the card is gone. Throws
   * `device-unavailable` where it has no room.
   */
  draw(picture: Picture, subject: Matte, lens: Lens): boolean;
}

export type Lens = Pick<FocusLook, 'radius' | 'aperture' | 'angleDeg' | 'highlights' | 'falloff' | 'ground'>;

const SHADERS = {
  BOX,
  CELLS,
  COLUMNS,
  COMPOSITE,
  COVER,
  FIGURES,
  GATHER,
  GLARE,
  HALVE,
  LAYER,
  LIGHT,
  PULL,
  PUSH,
  RADII,
  ROWS,
  SCAN,
  WEIGHTS,
};
const { FINEST_MOVING } = bokehFigures;
/** Pixels along a row that a scan's step sums up. */
const SCAN_REACH = 16;
/** No radius on any level is larger, in its pixels: the coarsest has at most 256 on a side. */
const MOST_RADIUS = mostOn(1) / 2;

/** Takes over a context without alpha. Compiles the shaders, which may take a second. Throws `device-unavailable` where the driver cannot do it. */
export function createGlBokeh(gl: WebGL2RenderingContext): GlBokeh {
  const canvas = gl.canvas as OffscreenCanvas;
  gl.disable(gl.DITHER);
  const kit = createGlKit(gl);
  const programs = Object.fromEntries(
    Object.entries(SHADERS).map(([name, source]) => [name, kit.program(source)]),
  ) as Record<keyof typeof SHADERS, ReturnType<GlKit['program']>>;
  const tables = createTables(kit);
  let room: Room | undefined;
  let lensKernels: (Kernels & { readonly key: string }) | undefined;

  const takeRoom = ({ width, height }: Picture): Room => {
    if (room?.width === width && room.height === height) return room;
    room?.close();
    room = createRoom(kit, width, height);
    canvas.width = width;
    canvas.height = height;
    kit.check();
    return room;
  };

  const takeKernels = (aperture: Aperture): Kernels => {
    const key = JSON.stringify(aperture);
    if (lensKernels?.key !== key) {
      lensKernels?.close();
      lensKernels = { ...createKernels(kit, aperture), key };
    }
    return lensKernels;
  };

  /** What is subject and what is not, and how far each place is from it. */
  const survey = ({ picture, subject, cells, outline, grid, level, height }: Room, lens: Lens, radiusPx: number) => {
    const scale = 1 << level;
    programs.CELLS.run(cells, { picture, subject });
    programs.WEIGHTS.run(outline, { cells, tables: tables.bytes });
    programs.COVER.run(grid.cover, { cells: outline, span: scale >> 1 });
    programs.ROWS.run(grid.rows, { cover: grid.cover });
    const { rows, figures, columns } = grid;
    programs.FIGURES.run(figures, { rows, scale, gridWidth: grid.cover.width, pictureHeight: height });
    programs.COLUMNS.run(columns, { cover: grid.cover });
    const { falloff, ground } = lens;
    programs.RADII.run(grid.radii, { columns, figures, scale, pictureHeight: height, radiusPx, falloff, ground });
  };

  /** The background's light on all levels, and what stands in for it where there is none. */
  const light = ({ picture, outline, grid, level, levels }: Room, highlights: number) => {
    programs.GLARE.run(grid.glare, { picture, tables: tables.bytes, span: 1 << (level - 1) });
    const { width, height } = grid.glare;
    const radius = Math.round((Math.max(width, height) * bokehFigures.GLARE_SIDE) / 2);
    for (let n = 0; n < 2; n++) {
      programs.BOX.run(grid.spare, { source: grid.glare, along: [1, 0], radius });
      programs.BOX.run(grid.glare, { source: grid.spare, along: [0, 1], radius });
    }
    const most = bokehFigures.MOST_BOOST * highlights * highlights;
    const first = { picture, cells: outline, glare: grid.glare, tables: tables.bytes, shift: level - 1, most };
    for (const [i, each] of levels.entries()) {
      const finer = levels[i - 1];
      if (finer === undefined) programs.LIGHT.run(each.light, first);
      else programs.HALVE.run(each.light, { finer: finer.light });
    }
    const { pulled, pushed } = grid;
    for (const [i, each] of pulled.entries()) {
      const finer = pulled[i - 1];
      if (finer === undefined) programs.LAYER.run(each, { light: (levels.at(-1) as Level).light });
      else programs.PULL.run(each, { finer });
    }
    for (let i = pushed.length - 1; i >= 0; i--) {
      const coarser = pushed[i + 1] ?? (pulled.at(-1) as GlTexture);
      programs.PUSH.run(pushed[i], { finer: pulled[i] as GlTexture, coarser });
    }
  };

  /** Prefix sums of a level's rows. */
  const scan = ({ light, sums, spare }: Level): GlTexture => {
    let [to, other] = [sums, spare];
    programs.SCAN.run(to, { source: light, stride: 1, offset: 1 });
    for (let stride = SCAN_REACH; stride < light.width; stride *= SCAN_REACH) {
      programs.SCAN.run(other, { source: to, stride, offset: 0 });
      [to, other] = [other, to];
    }
    return to;
  };

  const blur = (of: Room, { aperture, angleDeg }: Lens, radiusPx: number) => {
    const { grid, levels, outline } = of;
    const count = countBlurLevels(of.size, radiusPx, FINEST_MOVING);
    const { kernels, kernelRows } = takeKernels({ shape: aperture, angleDeg: aperture === 'disc' ? 0 : angleDeg });
    for (let level = count; level >= 1; level--) {
      const at = levels[level - 1] as Level;
      programs.GATHER.run(at.blurred, {
        coarser: levels[level]?.blurred ?? outline,
        isCoarsest: level === count,
        sums: scan(at),
        cells: outline,
        encoded: tables.encoded,
        radii: grid.radii,
        fill: grid.pushed[0] ?? (grid.pulled[0] as GlTexture),
        kernels,
        kernelRows,
        level,
        shift: of.level - level,
        ...levelRadii(level, count, FINEST_MOVING),
      });
    }
  };

  return {
    canvas,
    draw(picture, subject, lens) {
      const of = takeRoom(picture);
      of.picture.write(toBytes(picture.data));
      of.subject.write(toBytes(subject.data));
      const radiusPx = lens.radius * Math.max(of.width, of.height);
      survey(of, lens, radiusPx);
      light(of, lens.highlights);
      blur(of, lens, radiusPx);
      const coarser = (of.levels[0] as Level).blurred;
      const { picture: source, subject: alpha, outline } = of;
      programs.COMPOSITE.run(undefined, {
        picture: source,
        subject: alpha,
        coarser,
        cells: outline,
        tables: tables.bytes,
      });
      return kit.finish();
    },
  };
}

interface Level {
  readonly light: GlTexture;
  /** Prefix sums take turns in these. */
  readonly sums: GlTexture;
  readonly spare: GlTexture;
  readonly blurred: GlTexture;
}

/** All textures for pictures of one size. */
interface Room {
  readonly width: number;
  readonly height: number;
  /** Of the grid. */
  readonly level: number;
  readonly size: LevelSize;
  readonly picture: GlTexture;
  readonly subject: GlTexture;
  readonly cells: GlTexture;
  /** See the shader WEIGHTS. */
  readonly outline: GlTexture;
  /** Level 1 to that of the grid. */
  readonly levels: readonly Level[];
  readonly grid: Record<'cover' | 'rows' | 'figures' | 'columns' | 'radii' | 'glare' | 'spare', GlTexture> & {
    /** The fill's layers, the grid's first. */
    readonly pulled: readonly GlTexture[];
    /** All of them but the coarsest, which needs nothing. */
    readonly pushed: readonly GlTexture[];
  };
  close(): void;
}

function createRoom(kit: GlKit, width: number, height: number): Room {
  const { sizes, grid } = createLevelSizes({ width, height });
  const made: GlTexture[] = [];
  const take: GlKit['texture'] = (...args) => {
    const texture = kit.texture(...args);
    made.push(texture);
    return texture;
  };
  const floats = ({ width, height }: Pick<LevelSize, 'width' | 'height'>) => take('floats', width, height);
  const first = sizes[1] as LevelSize;
  const layers = sizes.slice(grid.level);
  return {
    width,
    height,
    level: grid.level,
    size: grid,
    picture: take('pixels', width, height),
    subject: take('bytes', width, height),
    cells: take('pixels', first.width, first.height),
    outline: take('pixels', first.width, first.height),
    levels: sizes.slice(1, grid.level + 1).map((size) => ({
      light: take('words', size.width, size.height),
      sums: take('words', size.width + 1, size.height),
      spare: take('words', size.width + 1, size.height),
      blurred: take('shorts', size.width, size.height),
    })),
    grid: {
      cover: floats(grid),
      columns: floats(grid),
      radii: floats(grid),
      glare: floats(grid),
      spare: floats(grid),
      rows: take('floats', 1, grid.height),
      figures: take('floats', 1, 1),
      pulled: layers.map(floats),
      pushed: layers.slice(0, -1).map(floats),
    },
    close() {
      for (const texture of made) kit.forget(texture);
    },
  };
}

function createTables(kit: GlKit): { readonly bytes: GlTexture; readonly encoded: GlTexture } {
  const { toLinear, brightness, weights, fronts, encoded } = createBokehTables();
  const bytes = new Float32Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    bytes.set([toLinear[i] as number, brightness[i] as number, weights[i] as number, fronts[i] as number], i * 4);
  }
  const padded = new Uint16Array(256 * Math.ceil(encoded.length / 256));
  padded.set(encoded);
  return {
    bytes: kit.texture('floats', 256, 1, bytes),
    encoded: kit.texture('short', 256, padded.length / 256, padded),
  };
}

interface Kernels {
  /** From which row to which, and their area. */
  readonly kernels: GlTexture;
  /** Each with its offset from the centre and its two ends. */
  readonly kernelRows: GlTexture;
  close(): void;
}

function createKernels(kit: GlKit, aperture: Aperture): Kernels {
  const of = createDiscKernels(aperture, MOST_RADIUS);
  const all = new Float32Array(of.count * 4);
  for (let i = 0; i < of.count; i++) {
    all.set([of.starts[i] as number, of.starts[i + 1] as number, of.areas[i] as number], i * 4);
  }
  const count = Math.ceil(of.dy.length / KERNEL_COLUMNS);
  const rows = new Float32Array(count * KERNEL_COLUMNS * 4);
  for (let i = 0; i < of.dy.length; i++) {
    const left = (of.left[i] as number) + (of.leftFraction[i] as number);
    const right = (of.right[i] as number) + (of.rightFraction[i] as number);
    rows.set([of.dy[i] as number, left, right], i * 4);
  }
  const kernels = kit.texture('floats', of.count, 1, all);
  const kernelRows = kit.texture('floats', KERNEL_COLUMNS, count, rows);
  return {
    kernels,
    kernelRows,
    close() {
      for (const texture of [kernels, kernelRows]) kit.forget(texture);
    },
  };
}

/** WebGL takes no clamped bytes for whole numbers. */
function toBytes(data: Uint8Array | Uint8ClampedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}
