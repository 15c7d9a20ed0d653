import type { Picture, Scene } from '@focal/core';
import type { Sessions } from '../sessions.ts';
import type { Step } from './step.ts';

/** The model that draws the matte. The two of IS-Net find any subject, `selfie` finds people only. */
export type MatteModel = 'isnet-medium' | 'isnet-small' | 'selfie';

/** What a fact is made from. */
export interface FactInput {
  readonly picture: Picture;
  /** The picture resized to the square that mattes are drawn from, where the caller made it. */
  readonly square?: Picture;
  readonly sessions: Sessions;
  readonly matteModel: MatteModel;
}

/** Makes one fact. */
export interface FactMaker {
  /** Loads what it needs in any case. */
  prepare(input: Pick<FactInput, 'sessions' | 'matteModel'>): Promise<void>;
  /** The scene with this fact added. What the fact rests on is in the scene already. */
  make(input: FactInput, scene: Scene, step: Step): Promise<Scene>;
}
