/** How many corrections of one picture there may be. */
export const CORRECTION_LIMITS = {
  corrections: 500,
  /** In all strokes together. */
  points: 5_000,
  /** Each is a matte of its own. */
  picks: 20,
} as const;
