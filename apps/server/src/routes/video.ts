import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { FocalError, focusLook, getEffect, implyParameters, parseParameters } from '@focal/core';
import type { Focal, VideoOutput, VideoReport } from 'focal';
import { type Context, Hono } from 'hono';
import { readParameters } from '../edit-options.ts';
import { toHeaderText } from '../headers.ts';
import type { Limits } from '../limits.ts';
import { createOptionReader, type OptionReader } from '../option-reader.ts';
import { toChoice, toNumber, toSwitch, unexpected } from '../option-values.ts';
import { createQueue } from '../queue.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions } from './picture-work.ts';

export const VIDEO_FORMATS = ['mp4', 'webm', 'mov'] as const;
export const VIDEO_QUALITIES = ['low', 'medium', 'high', 'very-high'] as const;
export const FOLLOW_EFFORTS = ['fast', 'balanced', 'quality', 'offline'] as const;
const MEDIA_TYPE = { mp4: 'video/mp4', webm: 'video/webm', mov: 'video/quicktime' } as const;
const ENCODING = ['format', 'quality'] as const;
/** Names of the settings of a focus. */
const LOOK_OPTIONS = Object.keys(focusLook.shape);
const MAX_TIMELINE_BYTES = 1024 * 1024;
const MOST_POINTS = 100;

type Encoding = Pick<VideoOutput, 'quality'> & { readonly format: (typeof VIDEO_FORMATS)[number] };
/** Works on a video from its path into another. */
type Work = (
  focal: Focal,
  input: string,
  output: VideoOutput,
  more: { readonly signal: AbortSignal; readonly assets: Readonly<Record<string, string>> },
) => Promise<{ readonly report: VideoReport; readonly told?: object }>;
type Choice = Encoding & { readonly work: Work };

/**
 * `POST /v1/video/…`: the video as `video` in a form, or as the whole body; the result is streamed back. One is worked on
 * at a time, with a queue, a size and a time of their own.
 */
export function videoRoutes(options: PictureRoutesOptions): Hono {
  const limits: Limits = {
    ...options.limits,
    maxUploadBytes: options.limits.maxVideoBytes,
    uploadTimeoutMs: options.limits.videoTimeoutMs,
    workTimeoutMs: options.limits.videoTimeoutMs,
  };
  const queue = createQueue({ concurrency: 1, length: limits.videoQueueLength, maxWaitMs: limits.videoTimeoutMs });
  const app = new Hono();
  const add = (name: string, create: () => OptionReader<Choice>, assets: readonly string[], maxFieldBytes?: number) => {
    app.post(`/v1/video/${name}`, (context: Context) =>
      answerPicture(
        context,
        { ...options, limits, queue },
        create(),
        { photoName: 'video', names: assets, ...(maxFieldBytes === undefined ? {} : { maxFieldBytes }) },
        (request) => answerVideo(options.focal, request),
      ),
    );
    onlyPost(app, name, `/v1/video/${name}`);
  };
  add('background', createBackgroundReader, ['background']);
  add('anonymize', createAnonymizeReader, ['picture']);
  add('focus', createFocusReader, [], MAX_TIMELINE_BYTES);
  return app;
}

async function answerVideo(
  focal: Focal,
  { image, assets, options, signal }: PictureRequest<Choice>,
): Promise<Response> {
  const { format, quality, work } = options;
  const path = join(dirname(image), `result.${format}`);
  const output: VideoOutput = { path, format, ...(quality === undefined ? {} : { quality }) };
  const { report, told } = await work(focal, image, output, { signal, assets });
  // Its name is deleted with the upload; the open file stays until it is read.
  const file = await open(path);
  const stream: unknown = Readable.toWeb(file.createReadStream({ highWaterMark: 256 * 1024 }));
  const headers: Record<string, string> = {
    'content-type': MEDIA_TYPE[format],
    'content-length': String(report.bytes),
    'cache-control': 'no-store',
    'focal-size': `${report.width}x${report.height}`,
    'focal-frames': String(report.frames),
  };
  const broken = report.broken.map(({ after, until, message }) => {
    const from = Number.isFinite(after) ? `after ${after.toFixed(2)} s` : 'at its start';
    return `The video is broken ${from}${until === undefined ? '' : ` until ${until.toFixed(2)} s`}: ${message}.`;
  });
  const warnings = [...report.warnings, ...broken].join(' ').replaceAll(basename(path), 'the result');
  if (warnings !== '') headers['focal-warnings'] = toHeaderText(warnings);
  if (told !== undefined) headers['focal-report'] = toHeaderText(JSON.stringify(told));
  return new Response(stream as ConstructorParameters<typeof Response>[0], { headers });
}

function createBackgroundReader(): OptionReader<Choice> {
  const effect = getEffect('background');
  const names = [...Object.keys(effect.schema.shape), 'transparent', ...ENCODING];
  return createOptionReader('video/background', names, (values, assetNames = []) => {
    const transparent = toSwitch('transparent', values.get('transparent')) ?? false;
    const params = readParameters(effect, values);
    parseParameters(effect, implyParameters(effect, params, assetNames));
    return {
      ...toEncoding(values, transparent ? 'webm' : 'mp4'),
      work: async (focal, input, output, { signal, assets }) => {
        const { background } = assets;
        const picture = background === undefined ? {} : { picture: background };
        return { report: await focal.video.background(input, output, { params, transparent, signal, ...picture }) };
      },
    };
  });
}

function createAnonymizeReader(): OptionReader<Choice> {
  const effect = getEffect('anonymize');
  const names = [...Object.keys(effect.schema.shape), 'threshold', 'scale', 'drawScores', ...ENCODING];
  return createOptionReader('video/anonymize', names, (values, assetNames = []) => {
    const params = readParameters(effect, values);
    parseParameters(effect, implyParameters(effect, params, assetNames));
    const threshold = toNumber('threshold', values.get('threshold'), { min: 0.05, max: 0.95 });
    const scale = toNumber('scale', values.get('scale'), { min: 0.8, max: 3 });
    const drawScores = toSwitch('drawScores', values.get('drawScores'));
    return {
      ...toEncoding(values, 'mp4'),
      work: async (focal, input, output, { signal, assets }) => {
        const { picture } = assets;
        const { faces, ...report } = await focal.video.anonymize(input, output, {
          params,
          signal,
          ...(picture === undefined ? {} : { picture }),
          ...(threshold === undefined ? {} : { threshold }),
          ...(scale === undefined ? {} : { scale }),
          ...(drawScores === undefined ? {} : { drawScores }),
        });
        // What fits a header.
        const { tracks, coveredFrames, guessedFrames, weakest } = faces;
        return { report, told: { faces: tracks.length, coveredFrames, guessedFrames, weakest: weakest.slice(0, 5) } };
      },
    };
  });
}

function createFocusReader(): OptionReader<Choice> {
  const names = ['at', 'timeline', 'effort', ...LOOK_OPTIONS, ...ENCODING];
  return createOptionReader('video/focus', names, (values, assetNames) => {
    const at = values.get('at');
    const text = values.get('timeline');
    const effort = toChoice('effort', FOLLOW_EFFORTS, values.get('effort'));
    // The timeline may come in the form, after the query was looked at.
    if (assetNames !== undefined && (at === undefined) === (text === undefined)) {
      throw new FocalError('invalid-argument', 'Expected either at or timeline, to say what to keep in focus.', {
        hint: 'at=0.4,0.6@2.5 is what is at that point of the frame at 2.5 s.',
      });
    }
    const timeline = text === undefined ? toTimeline(at ?? '0.5,0.5') : parseJson(text);
    const look = Object.fromEntries(
      LOOK_OPTIONS.filter((name) => values.has(name)).map((name) => {
        const value = values.get(name) ?? '';
        return [name, name === 'aperture' || value.trim() === '' ? value : Number(value)];
      }),
    );
    return {
      ...toEncoding(values, 'mp4'),
      work: async (focal, input, output, { signal }) => {
        const { focus, ...report } = await focal.video.focus(input, output, {
          timeline,
          look,
          signal,
          ...(effort === undefined ? {} : { effort }),
        });
        const { locks, lockedFrames, lost } = focus;
        return { report, told: { locks: locks.slice(0, 20), lockedFrames, lost: lost.slice(0, 10) } };
      },
    };
  });
}

function toEncoding(values: ReadonlyMap<string, string>, usual: (typeof VIDEO_FORMATS)[number]): Encoding {
  const format = toChoice('format', VIDEO_FORMATS, values.get('format')) ?? usual;
  const quality = toChoice('quality', VIDEO_QUALITIES, values.get('quality'));
  return { format, ...(quality === undefined ? {} : { quality }) };
}

/** `0.4,0.6@2.5`, several of them with semicolons. */
function toTimeline(text: string): object {
  const points = text.split(';');
  if (points.length > MOST_POINTS) throw unexpected(`at most ${MOST_POINTS} points for at`, `${points.length}`);
  const keyframes = points.map((point) => {
    const match = /^\s*(\d*\.?\d+)\s*,\s*(\d*\.?\d+)\s*(?:@\s*(\d*\.?\d+)\s*)?$/.exec(point);
    const [x, y, t] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
    if (match === null || x > 1 || y > 1) throw unexpected('a point and a second such as 0.4,0.6@2.5 for at', point);
    return { t, lock: { x, y } };
  });
  return { format: 'focal-timeline', version: 1, keyframes };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FocalError('invalid-argument', 'The timeline is no JSON.', { cause: error });
  }
}
