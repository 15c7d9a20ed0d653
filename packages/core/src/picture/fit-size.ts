/** The size of a frame whose long side is to have at most so many pixels; never larger than it is, never below 1. */
export function fitSize(
  size: { readonly width: number; readonly height: number },
  longSide: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, longSide / Math.max(1, size.width, size.height));
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}
