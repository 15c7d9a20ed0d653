import type { AssetSummary, Size } from '../api/types.ts';

/** Of what is shown: of the version that stands in place of the original, once it was rendered. */
export function toShownSize({ width, height, shown }: AssetSummary): Size {
  return shown?.size ?? { width, height };
}

/** Whether places in the original are the same in what is shown. */
export function isWhole(asset: AssetSummary): boolean {
  const { width, height } = toShownSize(asset);
  return width === asset.width && height === asset.height;
}
