import type { FocusLook, FocusShot, Matte, Picture } from '@focal/core';
import type { BackgroundOptions } from '@focal/video';

/** What threads that draw frames of videos do: all in place, in pictures on shared memory. */
export type DrawJobs = {
  readonly 'draw-focus': {
    readonly input: { readonly picture: Picture; readonly shot: FocusShot; readonly look: FocusLook };
    readonly output: undefined;
  };
  readonly 'draw-background': {
    readonly input: {
      readonly picture: Picture;
      readonly matte: Matte;
      /** Another number, other options. */
      readonly video: number;
      readonly options: BackgroundOptions;
    };
    readonly output: undefined;
  };
};
