import { describe, expect, it } from 'vitest';
import { createTimelineRun } from './timeline-run.ts';

const KEYFRAMES = [
  { t: 0, lock: { x: 0.1, y: 0.5 } },
  { t: 1, lock: { x: 0.5, y: 0.5 } },
  { t: 2, release: true as const },
];

describe('createTimelineRun', () => {
  it('gives each keyframe once as the video goes on, and again when it begins anew', () => {
    const run = createTimelineRun();
    for (let round = 0; round < 2; round++) {
      const due = [0, 0.5, 0.98, 1.02, 1.5, 2, 2.5].map((time) => run.at(KEYFRAMES, time).due.map(({ t }) => t));
      expect(due).toEqual([[0], [], [], [1], [], [2], []]);
    }
  });

  it('tells a jump, after which only what is set right there counts', () => {
    const run = createTimelineRun();
    run.at(KEYFRAMES, 0);
    expect(run.at(KEYFRAMES, 5)).toEqual({ due: [], jumped: true });
    expect(run.at(KEYFRAMES, 1)).toEqual({ due: [KEYFRAMES[1]], jumped: true });
    expect(run.at(KEYFRAMES, 1.03)).toEqual({ due: [], jumped: false });
  });
});
