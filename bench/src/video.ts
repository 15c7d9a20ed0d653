import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawPan, makeClip } from '@focal/testing/video';
import { createFocal, type Focal } from 'focal';
import { atMost, type Bench, type BenchResult, median } from './bench.ts';
import type { Calibration } from './calibration.ts';
import { checkVideoFaces } from './video-faces.ts';

const FRAMES = 90;
const RATE = 30;
const RUNS = 3;
/** Frames a second of the whole way, with SIMD kernels. */
const FOCUS_RATE = 20;
const ROWS = {
  focus: 'focus of 720p, the whole way',
  background: 'background of 720p, the whole way',
  uncovered: 'anonymised clips: faces less than 95 % covered',
  seen: 'anonymised clips: faces that another net still sees, at twice the size',
  control: 'the same clips as they were: faces that it sees',
} as const;

export const videoBench: Bench = {
  name: 'video',
  title: 'video files: frames a second, and no face left for a frame',
  rows: Object.values(ROWS),
  needsData: true,
  async run({ data = '', inputs, log, calibrate }) {
    const calibration = await calibrate();
    const folder = await mkdtemp(join(tmpdir(), 'focal-bench-720p-'));
    await using focal = await createFocal();
    try {
      const clip = join(folder, 'clip.mp4');
      const timestamps = Array.from({ length: FRAMES }, (_, i) => i / RATE);
      const draw = await drawPan(inputs.samples[0] ?? '', FRAMES);
      await makeClip({ path: clip, width: 1280, height: 720, timestamps, draw, audio: 'aac', keyFrameInterval: 1 });
      const results = [
        await measureFocus(focal, clip, folder, calibration),
        await measureBackground(focal, clip, folder),
      ];
      const faces = await checkVideoFaces(focal, data, log);
      const note = `${faces.faces} faces in frames`;
      return [
        ...results,
        atMost(ROWS.uncovered, faces.uncovered, 0, 'faces', note),
        atMost(ROWS.seen, faces.seenAfter, 0, 'faces', note),
        { name: ROWS.control, value: faces.seenBefore, unit: 'faces', note },
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function measureFocus(focal: Focal, clip: string, folder: string, { factor }: Calibration): Promise<BenchResult> {
  const timeline = { format: 'focal-timeline', version: 1, keyframes: [{ t: 0, lock: { x: 0.5, y: 0.55 } }] };
  const rates: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const { frames } = await focal.video.focus(
      clip,
      { path: join(folder, 'focus.mp4'), force: true },
      { timeline, effort: 'balanced' },
    );
    rates.push((frames * 1000) / (performance.now() - start));
  }
  const value = median(rates);
  const goal = FOCUS_RATE / factor;
  return {
    name: ROWS.focus,
    value,
    unit: 'frames/s',
    goal: `>= ${FOCUS_RATE} / ${factor.toFixed(2)}`,
    ok: value >= goal,
  };
}

async function measureBackground(focal: Focal, clip: string, folder: string): Promise<BenchResult> {
  const start = performance.now();
  const { frames } = await focal.video.background(clip, { path: join(folder, 'background.mp4'), force: true });
  return { name: ROWS.background, value: (frames * 1000) / (performance.now() - start), unit: 'frames/s' };
}
