import { readFile } from 'node:fs/promises';
import {
  anonymise,
  createPicture,
  FocalError,
  getEffect,
  MOST_BRIDGED,
  type Picture,
  parseLookSettings,
  parseParameters,
} from '@focal/core';
import { createFollower, createSessions } from '@focal/models';
import {
  createAnonymiseRenderer,
  createFocusFrames,
  createPeopleFrames,
  type FaceTracksReport,
  type FocusFrames,
  findFaceTracks,
  parseTimeline,
} from '@focal/video';
import { DEFAULT_MAX_PIXELS, decodePicture } from '../codec/decode.ts';
import { toFileError } from '../files/file-error.ts';
import { inspectMovie, readFrameAt } from '../media/inspect-movie.ts';
import { copyMovie } from '../video/copy-movie.ts';
import { createFrameThreads } from '../video/frame-threads.ts';
import { registerCodecs } from '../video/register.ts';
import { openVideoFile, runVideo, shareOf } from '../video/run-video.ts';
import { createStarter, takeSetup } from './take-setup.ts';
import type { VideoJobs } from './video-jobs.ts';
import { serveJobs } from './worker-main.ts';

// Before the runtime and the codecs start threads of their own, which take its priority over.
const { priority, threads, profile, openRuntime, openStore } = takeSetup();
registerCodecs();

const engine = createStarter(async () => {
  const runtime = await openRuntime();
  const store = openStore();
  return { runtime, store, sessions: createSessions({ runtime, store, profile }) };
});

const drawers = createFrameThreads({ priority, threads });
let videos = 0;

/** Of anonymising, how much of the time goes into rendering. */
const RENDER_SHARE = 0.25;

serveJobs<VideoJobs>(
  {
    async 'video-info'({ path }) {
      const file = await openVideoFile(path);
      try {
        return { result: await file.facts() };
      } finally {
        file.close();
      }
    },
    async 'inspect-movie'({ path }) {
      return { result: await inspectMovie(path) };
    },
    async 'video-cut'({ path }) {
      const file = await openVideoFile(path);
      try {
        return { result: await file.cut() };
      } finally {
        file.close();
      }
    },
    async 'copy-movie'({ input, output, stop }) {
      return { result: await copyMovie(input, output, stop) };
    },
    async 'video-frame'({ path, at }) {
      return { result: await readFrameAt(path, at) };
    },
    async 'video-background'({ params, picture, isTransparent = false, ...request }, report) {
      const result = await runVideo(
        request,
        {
          hasAlpha: isTransparent,
          async start() {
            const behind = picture === undefined ? undefined : await readPicture(picture);
            const { sessions } = await engine.get();
            const people = { person: await sessions.get('selfie'), objects: await sessions.get('centernet') };
            parseParameters(getEffect('background'), params);
            const video = ++videos;
            const drawn = { video, options: { params, picture: behind && onSharedMemory(behind), isTransparent } };
            const look = createPeopleFrames(people);
            return async ({ picture: frame }) =>
              drawers.draw('draw-background', frame, { ...drawn, matte: await look(frame) });
          },
          allocate: drawers.allocate,
          inWork: (size) => drawers.inWork(size),
        },
        report,
      );
      return { result };
    },
    async 'video-focus'({ timeline: raw, look, effort = 'offline', ...request }, report) {
      const timeline = parseTimeline(raw);
      const overrides = parseLookSettings(look);
      const { runtime, store } = await engine.get();
      let frames: FocusFrames | undefined;
      const follower = await createFollower({ runtime, store, profile, quality: effort });
      try {
        const result = await runVideo(
          request,
          {
            async start() {
              const made = createFocusFrames({ follower, timeline, overrides });
              frames = made;
              return async (frame) => {
                const { drawn } = await made.look(frame);
                return drawers.draw('draw-focus', frame.picture, drawn);
              };
            },
            end: () => frames?.end(),
            allocate: drawers.allocate,
            inWork: (size) => drawers.inWork(size) + (effort === 'offline' ? MOST_BRIDGED : 0),
            check: () => void frames?.report(),
          },
          report,
        );
        return { result: { ...result, focus: (frames as FocusFrames).report() } };
      } finally {
        await follower.close();
      }
    },
    async 'video-anonymize'({ params, picture, threshold, scale, drawScores, ...request }, report) {
      const parsed = parseParameters(anonymise, params);
      if (parsed.style === 'picture' && picture === undefined) {
        throw new FocalError('invalid-argument', 'Expected a picture to cover faces with, got none.');
      }
      let faces: FaceTracksReport | undefined;
      const result = await runVideo(
        request,
        {
          renderShare: RENDER_SHARE,
          async start({ file, facts, signal, report: tell }) {
            const sticker = picture === undefined ? undefined : await readPicture(picture);
            const { sessions } = await engine.get();
            const found = await findFaceTracks(file, {
              sessions: { full: await sessions.get('face-full'), short: await sessions.get('face-short') },
              ...(threshold === undefined ? {} : { threshold }),
              isFast: parsed.fast,
              frameRate: facts.video.frameRate,
              signal,
              onFrame: (at, frames) =>
                tell('look', shareOf(at - facts.video.start, facts.duration - facts.video.start), frames),
            });
            faces = found.report;
            const render = createAnonymiseRenderer(found.tracks, {
              params,
              picture: sticker,
              ...(scale === undefined ? {} : { scale }),
              ...(drawScores === undefined ? {} : { drawScores }),
            });
            return async (frame) => ({ picture: render(frame.picture, frame.index) });
          },
        },
        report,
      );
      return { result: { ...result, faces: faces as FaceTracksReport } };
    },
  },
  async () => {
    await drawers.close();
    const running = await engine.peek();
    await running?.sessions.close();
    await running?.runtime.close();
  },
);

/** So that all threads that draw read the same. */
function onSharedMemory({ width, height, data, colorSpace }: Picture): Picture {
  const shared = new Uint8Array(new SharedArrayBuffer(data.length));
  shared.set(data);
  return createPicture(width, height, { data: shared, colorSpace });
}

async function readPicture(source: string | Uint8Array): Promise<Picture> {
  const bytes = typeof source === 'string' ? await readSource(source) : source;
  return (await decodePicture(bytes, { maxPixels: DEFAULT_MAX_PIXELS, colorSpace: 'srgb' })).picture;
}

async function readSource(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw toFileError(error, 'read', path);
  }
}
