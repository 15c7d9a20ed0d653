import {
  type Allocate,
  FocalError,
  getEffect,
  type Matte,
  type Picture,
  type Plan,
  planRefineMatte,
  planResizePicture,
  type Scene,
} from '@focal/core';
import { type PngBands, planPng } from '../codec/png.ts';

/** A plan as plain data: every thread builds the same plan from it. */
export type PlanSpec =
  | {
      readonly kind: 'effect';
      readonly effect: string;
      readonly picture: Picture;
      readonly scene: Scene;
      /** Checked, with defaults filled in. */
      readonly params: Readonly<Record<string, unknown>>;
      readonly assets: Readonly<Record<string, Picture>>;
    }
  | { readonly kind: 'refine-matte'; readonly picture: Picture; readonly matte: Matte }
  | { readonly kind: 'resize'; readonly picture: Picture; readonly width: number; readonly height: number }
  | { readonly kind: 'png'; readonly image: Picture | Matte };

/** What each kind of plan results in. */
export interface PlanResults {
  readonly effect: Picture;
  readonly 'refine-matte': Matte;
  readonly resize: Picture;
  readonly png: PngBands;
}

export function buildPlan<S extends PlanSpec>(spec: S, allocate: Allocate): Plan<PlanResults[S['kind']]>;
export function buildPlan(spec: PlanSpec, allocate: Allocate): Plan<unknown> {
  switch (spec.kind) {
    case 'effect':
      return getEffect(spec.effect).plan({ ...spec, allocate });
    case 'refine-matte':
      return planRefineMatte(spec.picture, spec.matte, allocate);
    case 'resize':
      return planResizePicture(spec.picture, spec.width, spec.height, { allocate });
    case 'png':
      return planPng(spec.image, allocate);
  }
}

/** An `Allocate` that keeps what it hands out, on shared memory. */
export function recordAllocations(): { readonly allocate: Allocate; readonly buffers: SharedArrayBuffer[] } {
  const buffers: SharedArrayBuffer[] = [];
  return {
    buffers,
    allocate(byteLength) {
      const buffer = new SharedArrayBuffer(byteLength);
      buffers.push(buffer);
      return buffer;
    },
  };
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
