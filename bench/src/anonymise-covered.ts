import {
  allocateLocal,
  anonymise,
  type Box,
  createPicture,
  type HideOptions,
  isUnder,
  listHidden,
  outlineHidden,
  type Picture,
  parseParameters,
  runPlan,
  type Scene,
} from '@focal/core';

export type Params = Parameters<typeof anonymise.plan>[0]['params'];

export function toParams(params: object): Params {
  return parseParameters(anonymise, params);
}

/** The effect over a picture, on this thread. */
export function hide(picture: Picture, scene: Scene, params: Params): Picture {
  return runPlan(anonymise.plan({ picture, scene, params, assets: {}, allocate: allocateLocal }));
}

/** Bytes of a picture whose covers are told by their colour: white where nothing covers black. */
export function toCoverMask({ width, height }: Picture, scene: Scene, params: Params): Uint8Array {
  const black = createPicture(width, height);
  for (let i = 3; i < black.data.length; i += 4) black.data[i] = 255;
  const { data } = hide(black, scene, { ...params, style: 'solid', color: '#ffffff' });
  // Soft edges do not count as covered.
  return Uint8Array.from({ length: width * height }, (_, i) => (data[i * 4] === 255 ? 1 : 0));
}

/** Share of the ellipse inside a box (pixels) that is covered, of what lies within the picture; 1 where nothing does. */
export function shareCovered(mask: Uint8Array, { width, height }: Picture, box: Box): number {
  let [inside, covered] = [0, 0];
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let y = Math.max(0, Math.floor(box.y)); y < Math.min(height, box.y + box.height); y++) {
    for (let x = Math.max(0, Math.floor(box.x)); x < Math.min(width, box.x + box.width); x++) {
      const far = ((x + 0.5 - cx) / (box.width / 2)) ** 2 + ((y + 0.5 - cy) / (box.height / 2)) ** 2;
      if (far > 1) continue;
      inside++;
      covered += mask[y * width + x] as number;
    }
  }
  return inside === 0 ? 1 : covered / inside;
}

/** The same pictures of the scene's faces with the hidden ones blurred as people do by hand, which hides nobody. */
export function blurWeakly(picture: Picture, blurred: Picture, scene: Scene, options: HideOptions): Picture {
  const outlines = outlineHidden(listHidden(scene, options), picture.width / picture.height, options);
  const result = createPicture(picture.width, picture.height, { data: Uint8Array.from(picture.data) });
  for (let y = 0, i = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, i += 4) {
      const at = { x: (x + 0.5) / picture.width, y: (y + 0.5) / picture.height };
      if (outlines.some(({ outline }) => isUnder(outline, at))) {
        result.data.set(blurred.data.subarray(i, i + 4), i);
      }
    }
  }
  return result;
}
