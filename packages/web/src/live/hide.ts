import { type Box, createLiveHider, type FocusDetection, type Hidden, type Picture } from '@focal/core';
import { detectFaces, runPersonMatteOnce, toFacePoints } from '@focal/models';
import type { LateFaces } from './detect-worker.ts';
import type { LiveModels } from './live-models.ts';
import type { HideSettings } from './types.ts';

/** Finds who has to be hidden in frames. Owned by one thread. */
export interface Hiding {
  /** What hides them in this frame. Throws where a model does not run: nothing of the frame may be shown then. */
  step(picture: Picture, settings: HideSettings, spared: Box | undefined): Promise<readonly Hidden[]>;
  forget(): void;
}

export interface HidingOptions {
  readonly models: LiveModels;
  /** Slower looks on another thread: for small faces, and for people. */
  readonly lookForFaces: (picture: Picture) => Promise<LateFaces>;
  readonly lookForPeople: (picture: Picture) => Promise<readonly FocusDetection[]>;
}

/** Unsure means covered: below the score from which photos call something a face. */
const LEAST_FACE = 0.3;
const PERSON = 'person';
/** Between two slower looks, so that they leave the frames their time. */
const REST_MS = 250;

export function createHiding({ models, lookForFaces, lookForPeople }: HidingOptions): Hiding {
  const hider = createLiveHider();
  let isLooking = false;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let lookedFor: HideSettings['what'] = 'people';
  /** Counts sources: what was found in an older one is dropped. */
  let source = 0;

  const lookCloser = (picture: Picture, timeMs: number, what: HideSettings['what']): void => {
    if (isLooking || timeMs < lookedMs + REST_MS) return;
    isLooking = true;
    const of = source;
    // Where whole people are hidden, the two looks take turns.
    lookedFor = what === 'people' && lookedFor === 'faces' ? 'people' : 'faces';
    const look =
      lookedFor === 'people'
        ? lookForPeople(picture).then((found) => ({
            people: found.filter(({ label }) => label === PERSON).map(({ box }) => box),
          }))
        : lookForFaces(picture).then((faces) => ({ faces }));
    look
      .then(
        (late) => {
          if (of === source) hider.seeLate(late, timeMs);
        },
        // What is found in each frame goes on; a model that is broken is told there.
        () => undefined,
      )
      .finally(() => {
        isLooking = false;
        lookedMs = performance.now();
      });
  };

  return {
    async step(picture, { what }, spared) {
      const timeMs = performance.now();
      const sessions = { full: await models.get('face-full'), short: await models.get('face-short') };
      const found = await detectFaces(sessions, picture, { minScore: LEAST_FACE });
      const people = what === 'people' ? await runPersonMatteOnce(await models.get('selfie'), picture) : undefined;
      lookCloser(picture, timeMs, what);
      return hider.step({
        timeMs,
        aspect: picture.width / picture.height,
        faces: found.map(({ box, rollDegrees, points }) => ({ box, rollDegrees, points: toFacePoints(points) })),
        ...(people !== undefined && { people }),
        spared,
      });
    },
    forget() {
      source++;
      hider.forget();
    },
  };
}
