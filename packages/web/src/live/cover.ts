import {
  allocateLocal,
  anonymise,
  createPicture,
  type Hidden,
  type Picture,
  parseParameters,
  planCovers,
  runPlan,
  toCoverStyle,
} from '@focal/core';
import type { LiveCover } from './types.ts';

/** What is seen where nothing of a frame may be: the colour of covers that are not told one. */
const ALL_HIDDEN = [0x20, 0x22, 0x26, 255];

/** The picture with these outlines hidden, as on photos; all of it where they are not known. [Note: anonymised means gone] */
export function coverPicture(picture: Picture, hidden: readonly Hidden[] | undefined, cover: LiveCover): Picture {
  const { width, height, colorSpace } = picture;
  if (hidden === undefined) {
    const data = new Uint8Array(width * height * 4);
    for (let at = 0; at < data.length; at += 4) data.set(ALL_HIDDEN, at);
    return createPicture(width, height, { colorSpace, data });
  }
  if (hidden.length === 0) return picture;
  const params = parseParameters(anonymise, {
    style: cover.kind,
    ...(cover.kind === 'solid' && { color: cover.color }),
  });
  return runPlan(
    planCovers(picture, () => hidden, hidden.length, {
      style: toCoverStyle(params, picture),
      seed: params.seed,
      softness: cover.kind === 'blur' ? params.softness : 0,
      allocate: allocateLocal,
    }),
  );
}
