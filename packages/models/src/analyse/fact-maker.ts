import type { Picture, Scene } from '@focal/core';
import type { Sessions } from '../sessions.ts';
import type { DetectorLook } from '../tasks/objects/look.ts';
import type { ClassEvidence } from '../tasks/saliency.ts';
import type { Step } from './step.ts';

/** The model that draws the matte. The two of IS-Net find any subject, `selfie` finds people only. */
export type MatteModel = 'isnet-medium' | 'isnet-small' | 'selfie';

/** What facts are made from. What several need is made when the first asks for it, and shared. */
export interface FactInput {
  readonly picture: Picture;
  readonly sessions: Sessions;
  readonly matteModel: MatteModel;
  /** The evidence for the saliency, where it was found before. */
  readonly evidence?: ClassEvidence;
  /** The picture resized to the square that mattes are drawn from. */
  square(): Picture;
  /** The picture in its own shape, at most as long as that square: of a large one, resizing takes longer than models. */
  reduced(): Picture;
  /** What the detector of things sees, with the gradient where a fact will want it. */
  detect(step: Step): Promise<DetectorLook>;
  /** The same with the gradient in any case, by Focal's own detector. */
  detectWithGradient(step: Step): Promise<DetectorLook>;
}

/** Makes one fact. */
export interface FactMaker {
  /** Loads what it needs in any case. */
  prepare(input: Pick<FactInput, 'sessions' | 'matteModel'> & { readonly needsGradient: boolean }): Promise<void>;
  /** The scene with this fact added. What the fact rests on is in the scene already. */
  make(input: FactInput, scene: Scene, step: Step): Promise<Scene>;
}
