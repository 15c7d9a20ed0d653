import {
  allocateLocal,
  createMatte,
  createSteadyMatte,
  createThreadCache,
  getEffect,
  type Matte,
  type Picture,
  parseParameters,
  planCutAlong,
  planRefineMatte,
  runPlan,
} from '@focal/core';
import { createPeopleMatte, type PeopleSessions } from '../matte/people-matte.ts';

/** What stands behind people. Plain data. */
export interface BackgroundOptions {
  /** Parameters of the effect `background`; ignored where it is transparent. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The picture with `kind: 'picture'`. */
  readonly picture?: Picture | undefined;
  /** Nothing stands behind: the frames become transparent there. */
  readonly isTransparent?: boolean | undefined;
}

/** Tells people from the rest in each frame, in order, made steady over time. The sessions stay the caller's. */
export function createPeopleFrames(sessions: PeopleSessions): (picture: Picture) => Promise<Matte> {
  const look = createPeopleMatte(sessions);
  const steady = createSteadyMatte();
  return async (picture) => steady.step(picture, await look(picture));
}

/**
 * Puts something else behind those whom a matte shows, brought to the frame's own edges; frames in any order. Throws
 * `invalid-argument` for wrong parameters.
 */
export function createBackgroundDrawer(options: BackgroundOptions): (picture: Picture, matte: Matte) => Picture {
  const effect = getEffect('background');
  const params = parseParameters(effect, options.params);
  const assets = options.picture === undefined ? {} : { background: options.picture };
  const cache = createThreadCache();
  return (picture, matte) => {
    const alpha = refine(picture, matte);
    const cut = runPlan(planCutAlong(picture, alpha, allocateLocal));
    if (options.isTransparent === true) return cut;
    const selection = { alpha, cut, subjects: [], faces: [] };
    const scene = { version: 1 as const, width: picture.width, height: picture.height, facts: [] };
    return runPlan(effect.plan({ picture, scene, params, assets, allocate: allocateLocal, selection, cache }));
  };
}

/** At the frame's size, along its edges. What is all but nothing becomes nothing: a veil over the ground would shimmer. */
function refine(picture: Picture, matte: Matte): Matte {
  const fine = runPlan(planRefineMatte(picture, matte, allocateLocal));
  const data = new Uint8Array(fine.data.length);
  for (let i = 0; i < data.length; i++) data[i] = LEVELS[fine.data[i] as number] as number;
  return createMatte(fine.width, fine.height, { data });
}

const LOWEST = 20;
const HIGHEST = 240;
const LEVELS = Uint8Array.from({ length: 256 }, (_, value) =>
  Math.max(0, Math.min(255, Math.round(((value - LOWEST) * 255) / (HIGHEST - LOWEST)))),
);
