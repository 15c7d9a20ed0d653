/** Of the frame that stands for a video, from its start: past what fades in, and not far into what is short. */
export function posterMs(durationMs: number): number {
  return Math.round(Math.min(1000, durationMs / 10));
}
