import type { FaceSessions } from '@focal/models';
import type { VideoFile } from '../read/open-video.ts';
import { ahead } from '../render/render-frames.ts';
import { completeTracks, type FaceTracksReport, reportTracks } from './complete-tracks.ts';
import type { FaceTrack } from './face-track.ts';
import { createFaceLinker } from './link-faces.ts';

export interface FindTracksOptions {
  readonly sessions: FaceSessions;
  /** From which score on a face counts by itself, 0..1. Default .45. */
  readonly threshold?: number;
  /** Searches every third frame only, and less closely: some faces may be missed. */
  readonly isFast?: boolean;
  readonly frameRate: number;
  readonly signal?: AbortSignal | undefined;
  readonly onFrame?: ((at: number, frames: number) => void) | undefined;
}

const THRESHOLD = 0.45;
const FAST_EVERY = 3;

/** All faces of a video, through time: goes through it once. Only places and times are kept, and a few small frames. */
export async function findFaceTracks(
  file: VideoFile,
  { sessions, threshold = THRESHOLD, isFast = false, frameRate, signal, onFrame }: FindTracksOptions,
): Promise<{ readonly tracks: readonly FaceTrack[]; readonly report: FaceTracksReport }> {
  const linker = createFaceLinker({ sessions, threshold, frameRate, every: isFast ? FAST_EVERY : 1 });
  const timestamps: number[] = [];
  // What cannot be read is told when the video is rendered.
  for await (const frame of ahead(file.frames({ signal, onBroken: () => undefined }))) {
    await linker.step(frame.picture);
    timestamps.push(frame.timestamp);
    onFrame?.(frame.timestamp + frame.duration, timestamps.length);
  }
  const tracks = completeTracks(linker.finish(), { frames: timestamps.length, frameRate });
  return { tracks, report: reportTracks(tracks, timestamps) };
}
