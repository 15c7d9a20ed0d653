import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { FocalError } from '@focal/core';
import {
  type AnonymiseVideoReport,
  createFocal,
  type Focal,
  type FocusVideoReport,
  type VideoFacts,
  type VideoOptions,
  type VideoOutput,
  type VideoReport,
} from 'focal';
import { assertFiles } from './edit-command.ts';
import type { ExitCode } from './exit-codes.ts';
import { Interruption } from './interruption.ts';
import type { Moment } from './option-values.ts';
import { ProgressLine } from './progress-line.ts';
import { toReadError } from './read-error.ts';
import { formatBytes, formatMs } from './reporter.ts';
import { assertAbsent } from './run-jobs.ts';
import type {
  VideoAnonymizeRequest,
  VideoBackgroundRequest,
  VideoCommandRequest,
  VideoEditRequest,
  VideoFocusRequest,
} from './video-program.ts';

/** `focal video info`. */
export async function runVideoInfo({ input, json, focal: options }: VideoCommandRequest): Promise<ExitCode> {
  assertNamedVideo(input);
  await using focal = await createFocal(options);
  const facts = await focal.video.info(resolve(input));
  if (json) process.stdout.write(`${JSON.stringify({ type: 'video', input: resolve(input), ...facts })}\n`);
  else process.stdout.write(`${describeFacts(facts).join('\n')}\n`);
  return 0;
}

/** `focal video background`. */
export async function runVideoBackground(request: VideoBackgroundRequest): Promise<ExitCode> {
  const { params, assets } = request.flags;
  await assertFiles(assets);
  const { background } = assets;
  return runEdit(
    request,
    { suffix: 'background', format: request.transparent ? 'webm' : 'mp4' },
    async (focal, input, output, options) => ({
      report: await focal.video.background(input, output, {
        ...options,
        params,
        transparent: request.transparent,
        ...(background === undefined ? {} : { picture: resolve(background) }),
      }),
    }),
  );
}

/** `focal video anonymize`. */
export async function runVideoAnonymize(request: VideoAnonymizeRequest): Promise<ExitCode> {
  const { flags, threshold, scale, drawScores } = request;
  await assertFiles(flags.assets);
  const { picture } = flags.assets;
  return runEdit(request, { suffix: 'anonymize', format: 'mp4' }, async (focal, input, output, options) => {
    const { faces, ...report } = await focal.video.anonymize(input, output, {
      ...options,
      params: flags.params,
      drawScores,
      ...(threshold === undefined ? {} : { threshold }),
      ...(scale === undefined ? {} : { scale }),
      ...(picture === undefined ? {} : { picture: resolve(picture) }),
    });
    return { report, text: describeFaces(faces, report.frames), json: { faces } };
  });
}

/** What was covered, and where to look. */
function describeFaces(faces: AnonymiseVideoReport['faces'], frames: number): readonly string[] {
  const { tracks, coveredFrames, guessedFrames, weakest } = faces;
  if (tracks.length === 0) return ['No face was found.'];
  const count = tracks.length === 1 ? 'One face' : `${tracks.length} faces`;
  return [
    `${count} covered, in ${coveredFrames} of ${frames} frames; in ${guessedFrames} of them a cover lies where none was seen, but one was before or after.`,
    ...weakest.slice(0, MOST_TOLD).map(({ track, from, to, basis }) => {
      return `Weak: ${track} from ${from.toFixed(2)} to ${to.toFixed(2)} s, ${WEAK[basis]}.`;
    }),
  ];
}

const MOST_TOLD = 5;
const WEAK: Readonly<Record<AnonymiseVideoReport['faces']['weakest'][number]['basis'], string>> = {
  found: 'found',
  looked: 'found at a closer look',
  followed: 'not found, followed by its looks',
  between: 'not found, laid between',
  beyond: 'before or after it was found',
};

/** `focal video focus`. */
export async function runVideoFocus(request: VideoFocusRequest): Promise<ExitCode> {
  const { at, look, effort, saveTimeline, force } = request;
  const timeline = request.timeline === undefined ? toTimeline(at, look) : await readTimeline(request.timeline);
  return runEdit(request, { suffix: 'focus', format: 'mp4' }, async (focal, input, output, options) => {
    if (saveTimeline !== undefined && !force) await assertAbsent(resolve(saveTimeline));
    const { focus, ...report } = await focal.video.focus(input, output, {
      ...options,
      timeline,
      look,
      ...(effort === undefined ? {} : { effort }),
    });
    if (saveTimeline !== undefined) {
      const bytes = new TextEncoder().encode(`${JSON.stringify(timeline, undefined, 2)}\n`);
      await focal.saveFile(resolve(saveTimeline), bytes, { force });
    }
    return { report, text: describeFocus(focus, report.frames), json: { focus } };
  });
}

function toTimeline(at: readonly Moment[], look: Readonly<Record<string, unknown>>): object {
  const keyframes = at.map(({ x, y, t }) => ({ t, lock: { x, y } }));
  return { format: 'focal-timeline', version: 1, look, keyframes };
}

const MOST_TIMELINE_BYTES = 4 * 2 ** 20;

async function readTimeline(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw toReadError(error, 'timeline', path);
  });
  if (bytes.length > MOST_TIMELINE_BYTES) throw new FocalError('too-large', `The timeline ${path} has more than 4 MB.`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new FocalError('invalid-argument', `The timeline ${path} is no JSON.`, { cause: error });
  }
}

function describeFocus(
  { tracker, locks, lockedFrames, lost }: FocusVideoReport['focus'],
  frames: number,
): readonly string[] {
  return [
    ...locks.map(({ at, found, label }) =>
      found
        ? `In focus from ${at.toFixed(2)} s: ${label ?? 'what is at that point'}.`
        : `At ${at.toFixed(2)} s there is nothing at that point; what was in focus stays.`,
    ),
    `In focus in ${lockedFrames} of ${frames} frames, by the ${tracker === 'nanotrack' ? 'tracker NanoTrack' : 'correlation filter'}.`,
    ...lost.slice(0, MOST_TOLD).map(({ from, to }) => `Out of sight from ${from.toFixed(2)} to ${to.toFixed(2)} s.`),
  ];
}

/** What a command made of a video: its report, and more to tell. */
interface Made {
  readonly report: VideoReport;
  /** Sentences for people. */
  readonly text?: readonly string[];
  /** Members of the JSON. */
  readonly json?: object;
}

type Edit = (focal: Focal, input: string, output: VideoOutput, options: VideoOptions) => Promise<Made>;

/** Runs one video to its end, with its progress on a terminal. Ctrl-C stops it and leaves nothing behind. */
async function runEdit(
  request: VideoEditRequest,
  rules: { readonly suffix: string; readonly format: 'mp4' | 'webm' },
  edit: Edit,
): Promise<ExitCode> {
  assertNamedVideo(request.input);
  const input = resolve(request.input);
  const output = await planOutput(request, rules);
  const line = new ProgressLine(process.stderr, !request.quiet && !request.json);
  const say = (text: string): void => {
    line.clear();
    if (!request.quiet) process.stderr.write(`${text}\n`);
  };
  using interruption = new Interruption(() => say('Stopping; a second Ctrl-C ends at once …'));
  await using focal = await createFocal(request.focal);
  const started = performance.now();
  try {
    const onProgress = drawProgress(line, request.input);
    const {
      report,
      text = [],
      json = {},
    } = await edit(focal, input, output, { signal: interruption.signal, onProgress });
    line.clear();
    tell(report, request, { ms: performance.now() - started, text, json, say });
    return 0;
  } catch (error) {
    line.clear();
    if (error instanceof FocalError && error.code === 'aborted') {
      say('Stopped. Nothing was written.');
      return interruption.exitCode;
    }
    throw error;
  }
}

/** Where the result goes: beside the video, into a folder under the video's name, or under the name that was given. */
async function planOutput(
  { input, output, format, quality, force }: VideoEditRequest,
  rules: { readonly suffix: string; readonly format: 'mp4' | 'webm' },
): Promise<VideoOutput> {
  const name = basename(input, extname(input));
  const more = { force, ...(quality === undefined ? {} : { quality }) };
  if (output === '')
    throw new FocalError('invalid-argument', 'Expected the name of a file or folder, got an empty one.');
  if (output === '-') {
    throw new FocalError('invalid-argument', 'A video cannot go to standard output.', {
      hint: 'Name a file: -o out.mp4',
    });
  }
  if (output === undefined) {
    const made = format ?? rules.format;
    const file = `${name}-${rules.suffix}`;
    return { path: join(dirname(resolve(input)), made === 'png' ? file : `${file}.${made}`), format: made, ...more };
  }
  const path = resolve(output);
  if (format === 'png') return { path, format, ...more };
  const isFolder = /[/\\]$/.test(output) || ((await stat(path).catch(() => undefined))?.isDirectory() ?? false);
  if (isFolder) {
    const made = format ?? rules.format;
    return { path: join(path, `${name}.${made}`), format: made, ...more };
  }
  return { path, ...(format === undefined ? {} : { format }), ...more };
}

function drawProgress(line: ProgressLine, name: string): NonNullable<VideoOptions['onProgress']> {
  const started = performance.now();
  let stage = '';
  let stageStarted = started;
  return (progress) => {
    const now = performance.now();
    if (progress.stage !== stage) {
      stage = progress.stage;
      stageStarted = now;
    }
    const seconds = (now - stageStarted) / 1000;
    const rate = seconds > 0.5 ? `  ${(progress.frames / seconds).toFixed(1)} frames/s` : '';
    const elapsed = now - started;
    const left =
      progress.done > 0.01 && elapsed > 2000
        ? `  ${formatLeft((elapsed / progress.done) * (1 - progress.done))} left`
        : '';
    line.draw(progress.done, `${name}  ${STAGES[progress.stage]}${rate}${left}`);
  };
}

const STAGES = { look: 'looking', render: 'rendering' } as const;

/** Minutes and seconds. */
function formatLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const rest = `${seconds % 60}`.padStart(2, '0');
  return seconds >= 3600
    ? `${Math.floor(seconds / 3600)}:${`${Math.floor((seconds % 3600) / 60)}`.padStart(2, '0')}:${rest}`
    : `${Math.floor(seconds / 60)}:${rest}`;
}

function tell(
  report: VideoReport,
  request: VideoEditRequest,
  { ms, text, json, say }: { ms: number; text: readonly string[]; json: object; say: (text: string) => void },
): void {
  const { path } = report;
  if (request.json) {
    const { source: _, path: __, ...rest } = report;
    const summary = {
      type: 'video',
      ok: true,
      input: resolve(request.input),
      output: path,
      ...rest,
      ...json,
      ms: Math.round(ms),
    };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  for (const warning of report.warnings) say(warning);
  for (const part of report.broken) say(describeBroken(part));
  for (const sentence of text) say(sentence);
  if (request.quiet) return;
  const size = report.bytes === 0 ? '' : `, ${formatBytes(report.bytes)}`;
  const rate = ((report.frames / ms) * 1000).toFixed(1);
  process.stdout.write(
    process.stdout.isTTY
      ? `${request.input} → ${relative('', path)}  ${report.width} × ${report.height}, ${report.frames} frames${size}, ${formatMs(ms)} (${rate} frames/s)\n`
      : `${path}\n`,
  );
}

function describeBroken({ after, until, message }: VideoReport['broken'][number]): string {
  const from = Number.isFinite(after) ? `After ${after.toFixed(2)} s` : 'At its start';
  const to = until === undefined ? 'nothing more can be read' : `nothing can be read until ${until.toFixed(2)} s`;
  return `${from} the video is broken, and ${to}: ${message.replace(/\.$/, '')}.`;
}

function describeFacts({ container, duration, video, audio }: VideoFacts): readonly string[] {
  const { color } = video;
  const turned = video.rotation === 0 ? '' : `, stored turned by ${video.rotation}°`;
  const rate = `${video.frameRate.toFixed(2)} a second${video.variableFrameRate ? ' on average, unevenly' : ''}`;
  const told = [color.matrix, color.fullRange === true ? 'full range' : '', color.hdr ? 'high dynamic range' : ''];
  return [
    `${container}, ${duration.toFixed(2)} s`,
    `Picture: ${video.width} × ${video.height}${turned}, ${video.codec}${video.codecString === undefined ? '' : ` (${video.codecString})`}, ${(video.bitrate / 1e6).toFixed(2)} Mbit/s`,
    `Frames: ${video.frames}, ${rate}`,
    ...(told.some(Boolean) ? [`Colours: ${told.filter(Boolean).join(', ')}`] : []),
    ...(video.mayBeTransparent ? ['It may be transparent.'] : []),
    ...(audio.length === 0
      ? ['No sound']
      : audio.map((each) => `Sound: ${each.codec}, ${each.channels} channels, ${each.sampleRate} Hz`)),
    ...(video.canDecode ? [] : [`Focal cannot read frames stored as ${video.codec}.`]),
  ];
}

function assertNamedVideo(input: string): void {
  if (input === '') throw new FocalError('invalid-argument', 'Expected the name of a video, got an empty one.');
  if (input === '-') {
    throw new FocalError('invalid-argument', 'A video cannot come from standard input: its end is read first.', {
      hint: 'Save it to a file.',
    });
  }
}
