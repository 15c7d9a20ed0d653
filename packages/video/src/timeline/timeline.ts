import { FocalError, type FocusLook, focusLook, focusLookSettings } from '@focal/core';
import { z } from 'zod';

/** Raised when a timeline of this version could not be read any more. */
export const TIMELINE_VERSION = 1;
/** More keyframes than anybody sets by hand. */
const MOST_KEYFRAMES = 10_000;

const share = z.number().min(0).max(1);
const time = z.number().min(-3600).max(1_000_000);

/** What changes at a moment of a video. `t`: seconds, as the video's frames have them. */
const keyframe = z.union([
  /** From here on, what is at this point is in focus: fractions of the upright frame. */
  z.strictObject({ t: time, lock: z.strictObject({ x: share, y: share }) }),
  /** From here on, nothing is, and everything sharp. */
  z.strictObject({ t: time, release: z.literal(true) }),
  /** From here on, the look has these settings; others stay. */
  z.strictObject({ t: time, look: focusLookSettings }),
]);

/** Locks, switches and settings of a video: what is kept beside it as JSON. */
export const timelineSchema = z.strictObject({
  format: z.literal('focal-timeline'),
  version: z.literal(TIMELINE_VERSION),
  /** What the look is at the beginning; what is left out has its default. */
  look: focusLookSettings.optional(),
  keyframes: z.array(keyframe).max(MOST_KEYFRAMES),
});

export type Timeline = z.output<typeof timelineSchema>;
export type Keyframe = Timeline['keyframes'][number];

/**
 * A timeline from JSON. Throws `invalid-argument` naming the place that is wrong.
 *
 * @example
 * parseTimeline({ format: 'focal-timeline', version: 1, keyframes: [{ t: 0.5, lock: { x: 0.4, y: 0.6 } }] })
 */
export function parseTimeline(raw: unknown): Timeline {
  const result = timelineSchema.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'the timeline' : issue.path.join('.');
  const told = (raw as { format?: unknown; version?: unknown } | null | undefined) ?? {};
  if (told.format === 'focal-timeline' && typeof told.version === 'number' && told.version > TIMELINE_VERSION) {
    throw new FocalError(
      'invalid-argument',
      `Expected a timeline of version ${TIMELINE_VERSION}, got one of version ${told.version}.`,
      {
        hint: 'It was made by a newer Focal.',
      },
    );
  }
  throw new FocalError(
    'invalid-argument',
    `Expected a timeline, got something else at ${place}: ${issue?.message ?? ''}.`,
    {
      hint: '{"format": "focal-timeline", "version": 1, "keyframes": [{"t": 0.5, "lock": {"x": 0.4, "y": 0.6}}]}',
    },
  );
}

/** Plays a timeline along the frames of a video. */
export interface TimelinePlayer {
  /** What is due at this time, in order; never given twice. Times must not fall. */
  due(timestamp: number): readonly Keyframe[];
  /** The look after what was due. */
  readonly look: FocusLook;
}

/** How much earlier than its frame a keyframe may be meant for it, in seconds: times are rounded here and there. */
const SLACK = 1e-4;

/** @param overrides settings that hold throughout, whatever the timeline says: the same again at another strength. */
export function playTimeline(timeline: Timeline, overrides: Partial<FocusLook> = {}): TimelinePlayer {
  const keyframes = timeline.keyframes.map((each, index) => ({ each, index }));
  keyframes.sort((a, b) => a.each.t - b.each.t || a.index - b.index);
  let next = 0;
  let look = focusLook.parse({ ...timeline.look, ...overrides });
  return {
    get look() {
      return look;
    },
    due(timestamp) {
      const due: Keyframe[] = [];
      while (next < keyframes.length && (keyframes[next]?.each.t ?? 0) <= timestamp + SLACK) {
        const { each } = keyframes[next++] as (typeof keyframes)[number];
        if ('look' in each) look = focusLook.parse({ ...look, ...each.look, ...overrides });
        due.push(each);
      }
      return due;
    },
  };
}
