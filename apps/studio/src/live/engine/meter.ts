import type { FocusView } from '@focal/core';
import type { LiveFollowed, Shown } from '@focal/web';
import type { LiveState, LiveStats } from '../state/live-store.ts';

/** Measures what the page shows a second and where the time goes. */
export interface Meter {
  count(followed: LiveFollowed | undefined, shown: Omit<Shown, 'isPulling'>): void;
  /** The subject has changed between two frames. */
  see(view: FocusView): void;
  read(nowMs: number): LiveStats;
  focus(): LiveState['focus'];
  restart(): void;
}

const WINDOW_MS = 2000;
const PARTS = ['detect', 'track', 'mask', 'learn', 'hide', 'blur'] as const;

type Parts = LiveStats['parts'];

export function createMeter(): Meter {
  let frames: { readonly timeMs: number; readonly parts: Parts }[] = [];
  let last: Omit<Shown, 'isPulling'> | undefined;
  let focus: LiveState['focus'] = { state: 'idle', confidence: 0 };
  const see = ({ state, label, confidence }: FocusView) => {
    focus = { state, label, confidence };
  };
  return {
    count(followed, shown) {
      frames.push({ timeMs: performance.now(), parts: { ...followed?.timings, blur: shown.ms } });
      last = shown;
      if (followed !== undefined) see(followed.view);
    },
    see,
    read(nowMs) {
      frames = frames.filter(({ timeMs }) => timeMs > nowMs - WINDOW_MS);
      const first = frames[0];
      const fps =
        first === undefined || frames.length < 2 ? 0 : ((frames.length - 1) * 1000) / Math.max(1, nowMs - first.timeMs);
      const parts = PARTS.flatMap((name) => {
        const total = frames.reduce((sum, each) => sum + (each.parts[name] ?? 0), 0);
        return total === 0 ? [] : [[name, total / frames.length] as const];
      });
      return { fps, parts: Object.fromEntries(parts), drawnBy: last?.drawnBy, cardNote: last?.cardNote };
    },
    focus: () => focus,
    restart() {
      frames = [];
      last = undefined;
      focus = { state: 'idle', confidence: 0 };
    },
  };
}
