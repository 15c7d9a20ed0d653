import type { FacePoints, Fact, Picture, Scene } from '@focal/core';
import type { ClassEvidence, ComparedPictures, Device, MemoryProfile, OwnModel } from '@focal/models';
import type { TriedDevice } from '../runtime/devices.ts';
import type { Priority } from './priority.ts';

/** What the inference worker is started with. */
export interface InferenceSetup {
  readonly priority: Priority;
  readonly device: 'auto' | Device;
  readonly threads: number;
  readonly profile: MemoryProfile;
  readonly cacheFolder: string;
  readonly modelsFolder: string;
  readonly without: readonly string[];
  readonly own?: readonly OwnModel[];
}

/** The device that was found, and what was tried before it. */
export interface FoundDevice {
  readonly device: Device;
  readonly tried: readonly TriedDevice[];
  readonly version: string;
}

/** What the inference worker does. */
export type InferenceJobs = {
  readonly device: { readonly input: undefined; readonly output: FoundDevice };
  /** Loads what these facts need. */
  readonly prepare: { readonly input: { readonly facts: readonly Fact[] }; readonly output: undefined };
  readonly analyse: {
    readonly input: {
      readonly picture: Picture;
      readonly facts: readonly Fact[];
      /** The picture as the matte's model wants it; made by the worker itself where left out. */
      readonly square?: Picture;
      readonly reduced?: Picture;
      /** What is known of the picture already. */
      readonly known?: Scene;
      /** See the analyser's options of these names. */
      readonly upcoming?: readonly Fact[];
      readonly evidence?: ClassEvidence;
    };
    readonly output: { readonly scene: Scene; readonly device: Device; readonly evidence?: ClassEvidence };
  };
  /** How much of each face the result still tells: see `measureLikeness`. */
  readonly 'compare-faces': {
    readonly input: ComparedPictures & {
      readonly faces: readonly { readonly points: FacePoints; readonly seen?: FacePoints }[];
    };
    readonly output: readonly number[];
  };
};
