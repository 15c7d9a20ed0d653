import {
  type Allocate,
  createMatte,
  createPicture,
  FocalError,
  type Matte,
  type Pass,
  type Picture,
  type Plan,
  planRecipe,
  planRefineMatte,
  planResizePicture,
  planSelection,
  type ResolvedSelection,
  type ResolvedStep,
  type Scene,
  type ThreadCache,
} from '@focal/core';
import { type PngBands, planPng } from '../codec/png.ts';
import type { Lease } from './memory-pool.ts';

const BLOCK_BYTES = 1 << 20;

/** A plan as plain data: every thread builds the same plan from it. */
export type PlanSpec =
  | {
      readonly kind: 'recipe';
      readonly picture: Picture;
      readonly scene: Scene;
      readonly steps: readonly ResolvedStep[];
      /** Further pictures by the names that the steps use. */
      readonly pictures: Readonly<Record<string, Picture>>;
    }
  | { readonly kind: 'refine-matte'; readonly picture: Picture; readonly matte: Matte }
  /** A selection's alpha, corrected by hand. */
  | { readonly kind: 'selected-matte'; readonly picture: Picture; readonly selection: ResolvedSelection }
  | { readonly kind: 'resize'; readonly picture: Picture; readonly width: number; readonly height: number }
  | { readonly kind: 'png'; readonly image: Picture | Matte };

/** What each kind of plan results in. */
export interface PlanResults {
  readonly recipe: Picture;
  readonly 'refine-matte': Matte;
  readonly 'selected-matte': Matte;
  readonly resize: Picture;
  readonly png: PngBands;
}

/** `cache` belongs to the thread that is to run the plan; not there where it is only built. */
export function buildPlan<S extends PlanSpec>(
  spec: S,
  allocate: Allocate,
  cache?: ThreadCache,
): Plan<PlanResults[S['kind']]>;
export function buildPlan(spec: PlanSpec, allocate: Allocate, cache?: ThreadCache): Plan<unknown> {
  switch (spec.kind) {
    case 'recipe':
      return planRecipe({
        picture: rebuildPicture(spec.picture),
        scene: rebuildScene(spec.scene),
        steps: spec.steps.map(rebuildStep),
        pictures: Object.fromEntries(Object.entries(spec.pictures).map(([name, each]) => [name, rebuildPicture(each)])),
        allocate,
        cache,
      });
    case 'refine-matte':
      return planRefineMatte(rebuildPicture(spec.picture), rebuildMatte(spec.matte), allocate);
    case 'selected-matte':
      return planSelection(rebuildPicture(spec.picture), spec.selection, allocate);
    case 'resize':
      return planResizePicture(rebuildPicture(spec.picture), spec.width, spec.height, { allocate, cache });
    case 'png':
      return planPng(
        'colorSpace' in spec.image ? rebuildPicture(spec.image) : rebuildMatte(spec.image),
        allocate,
        cache,
      );
  }
}

// [Note: objects out of messages] Machine code is made for objects of certain shapes, and thrown away when the last
// object of such a shape is collected. Of shapes that messages are read into none is left between two pictures. So
// pictures and mattes are rebuilt, over the same bytes, by the functions that make all others, whose shapes stay.

/** The same picture, made here. */
export function rebuildPicture({ width, height, data, colorSpace }: Picture): Picture {
  return createPicture(width, height, { data, colorSpace });
}

export function rebuildMatte({ width, height, data }: Matte): Matte {
  return createMatte(width, height, { data });
}

function rebuildScene(scene: Scene): Scene {
  if (scene.matte === undefined) return scene;
  const { matte, provenance } = scene.matte;
  return { ...scene, matte: { matte: rebuildMatte(matte), provenance } };
}

function rebuildStep(step: ResolvedStep): ResolvedStep {
  const { matte } = step.selection;
  return matte === undefined ? step : { ...step, selection: { ...step.selection, matte: rebuildMatte(matte) } };
}

/** An `Allocate` that keeps what it hands out, on shared memory, and which of it has to be cleared first. */
export function recordAllocations(lease?: Lease): {
  readonly allocate: Allocate;
  readonly buffers: SharedArrayBuffer[];
  readonly unclear: SharedArrayBuffer[];
} {
  const buffers: SharedArrayBuffer[] = [];
  const unclear: SharedArrayBuffer[] = [];
  return {
    buffers,
    unclear,
    allocate(byteLength, contents = 'zeros') {
      const { buffer, isClear } = lease?.take(byteLength) ?? {
        buffer: new SharedArrayBuffer(byteLength),
        isClear: true,
      };
      buffers.push(buffer);
      if (!isClear && contents === 'zeros') unclear.push(buffer);
      return buffer;
    },
  };
}

/** The passes of a plan, after one that clears used memory where there is any. */
export function clearFirst(passes: readonly Pass[], unclear: readonly SharedArrayBuffer[]): readonly Pass[] {
  if (unclear.length === 0) return passes;
  const blocks = unclear.flatMap((buffer) =>
    Array.from({ length: Math.ceil(buffer.byteLength / BLOCK_BYTES) }, (_, i) => ({ buffer, at: i * BLOCK_BYTES })),
  );
  const clear: Pass = {
    name: 'clear',
    rows: blocks.length,
    run(from, to) {
      for (const { buffer, at } of blocks.slice(from, to)) {
        new Uint8Array(buffer, at, Math.min(BLOCK_BYTES, buffer.byteLength - at)).fill(0);
      }
    },
  };
  return [clear, ...passes];
}

/** An `Allocate` that hands out the same buffers again, in the same order. */
export function replayAllocations(buffers: readonly SharedArrayBuffer[]): Allocate {
  let index = 0;
  return (byteLength) => {
    const buffer = buffers[index++];
    if (buffer?.byteLength === byteLength) return buffer;
    throw new FocalError('internal', 'A plan asked for other memory on a second thread than on the first.');
  };
}
