import type { LiveProblem } from '../state/live-store.ts';

/** Why a file does not play, and what can be done. */
export function toFileProblem(
  name: string,
  facts: { readonly container?: string | undefined; readonly codec?: string | undefined },
): LiveProblem {
  const { container, codec } = facts;
  const title = `“${name}” does not play here.`;
  if (container === undefined) {
    const text = 'It is no video file, or it is broken or cut short. Copy it again from where it comes from.';
    return { title, text, action: 'file' };
  }
  if (codec === undefined) return { title, text: `It is ${container} without pictures.`, action: 'file' };
  const text = `It is ${container} with ${codec}, which this browser does not play. Turn it into H.264 in MP4 or VP9 in WebM, or try another browser.`;
  return { title, text, action: 'file' };
}
