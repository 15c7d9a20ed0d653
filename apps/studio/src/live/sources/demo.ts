import { DEMO_FRAMES_A_SECOND, DEMO_SIZE } from '@focal/web';
import type { LiveSourceInfo } from '../state/live-store.ts';
import type { LiveSource, SourceEvents } from './source.ts';

const INFO: LiveSourceInfo = { kind: 'demo', name: 'Evening in the park', ...DEMO_SIZE, hasSound: false, steps: true };
const FRAME_MS = 1000 / DEMO_FRAMES_A_SECOND;

/** The scene that Focal draws itself: here only its clock runs, the workers draw. */
export function openDemo(events: SourceEvents): LiveSource {
  let number = 0;
  let request = 0;
  const offer = (timeMs: number) => {
    const at = number * FRAME_MS;
    events.onFrame({ take: () => ({ kind: 'drawn', timeMs: at }), ...DEMO_SIZE, timeMs });
  };
  const start = () => {
    const [startedMs, first] = [performance.now(), number];
    const run = (now: number) => {
      request = requestAnimationFrame(run);
      const next = first + 1 + Math.floor(Math.max(0, now - startedMs) / FRAME_MS);
      if (next === number) return;
      number = next;
      offer(now);
    };
    request = requestAnimationFrame(run);
  };
  start();
  return {
    info: INFO,
    pause: () => cancelAnimationFrame(request),
    async resume() {
      cancelAnimationFrame(request);
      start();
    },
    again: () => offer(performance.now()),
    async step(by) {
      number = Math.max(0, number + by);
      offer(performance.now());
    },
    close: () => cancelAnimationFrame(request),
  };
}
