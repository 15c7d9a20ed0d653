import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { drawPan, makeClip } from '@focal/testing/video';
import { createFocal, type Focal } from 'focal';
import { atMost, atRate, type Bench, type BenchResult } from './bench.ts';
import type { Calibration } from './calibration.ts';
import { checkVideoFaces } from './video-faces.ts';
import { timeFocus } from './video-focus.ts';

const FRAMES = 90;
const RATE = 30;
/** Frames a second of the whole way, with SIMD kernels and in TypeScript alone. */
const FOCUS_RATE = 20;
const PLAIN_RATE = 12;
const ROWS = {
  focus: 'focus of 720p, the whole way',
  plain: 'focus of 720p, the whole way, without WebAssembly',
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
        ...(await measureFocus(focal, clip, folder, calibration)),
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

async function measureFocus(
  focal: Focal,
  clip: string,
  folder: string,
  calibration: Calibration,
): Promise<readonly BenchResult[]> {
  const withSimd = await timeFocus(focal, clip, join(folder, 'focus.mp4'));
  const child = fileURLToPath(new URL('./video-focus.child.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-expose-wasm', child, clip, folder]);
  return [
    atRate(ROWS.focus, withSimd, FOCUS_RATE, 'frames/s', calibration),
    atRate(ROWS.plain, Number(stdout), PLAIN_RATE, 'frames/s', calibration),
  ];
}

async function measureBackground(focal: Focal, clip: string, folder: string): Promise<BenchResult> {
  const start = performance.now();
  const { frames } = await focal.video.background(clip, { path: join(folder, 'background.mp4'), force: true });
  return { name: ROWS.background, value: (frames * 1000) / (performance.now() - start), unit: 'frames/s' };
}
