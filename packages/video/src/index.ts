// Faces through time
export {
  type CompleteTracksOptions,
  completeTracks,
  type FaceTrackReport,
  type FaceTracksReport,
  reportTracks,
  type WeakMoment,
} from './faces/complete-tracks.ts';
export type { FaceBasis, FacePlace, FaceTrack } from './faces/face-track.ts';
export { type FindTracksOptions, findFaceTracks } from './faces/find-tracks.ts';
export { createFaceLinker, type FaceLinker, type LinkFacesOptions } from './faces/link-faces.ts';
// Reading
export type { AudioTrackFacts, VideoFacts, VideoTrackFacts } from './read/facts.ts';
export type { VideoCut } from './read/find-cut.ts';
export type { BrokenPart, FramesOptions, VideoFrame } from './read/frames.ts';
export { openVideo, type VideoFile } from './read/open-video.ts';
// Rendering
export { type AnonymiseFramesOptions, createAnonymiseRenderer } from './render/anonymise.ts';
export { type BackgroundOptions, createBackgroundDrawer, createPeopleFrames } from './render/background.ts';
export {
  createFocusFrames,
  type FocusedFrame,
  type FocusFrames,
  type FocusFramesOptions,
  type FocusReport,
} from './render/focus.ts';
export {
  type FrameInWork,
  type FrameSink,
  type RenderedFrames,
  type RenderFramesOptions,
  renderFrames,
} from './render/render-frames.ts';
// Timelines
export { type Keyframe, parseTimeline, TIMELINE_VERSION, type Timeline } from './timeline/timeline.ts';
// Writing
export { type CopiedFormat, type CopiedVideo, copyVideo } from './write/copy-video.ts';
export { formatOfName, storedSize, type VideoFormat } from './write/formats.ts';
export {
  createVideoWriter,
  QUALITIES,
  type VideoQuality,
  type VideoWriter,
  type VideoWriterOptions,
} from './write/video-writer.ts';
