// Errors and what effects there are, for programs that use the library
export { type CaptureFacts, effects, FocalError, type InspectedFile } from '@focal/core';
export type {
  AnonymiseVideoReport,
  FocusVideoReport,
  PulledModel,
  PullProgress,
  VideoFacts,
  VideoOutput,
  VideoProgress,
  VideoReport,
} from '@focal/node';
export { VERSION } from './about.ts';
export { createFocal } from './create-focal.ts';
export type { LiveFocus, LiveFrameOptions, LiveOptions } from './live.ts';
export type {
  CopiedMovie,
  FilePath,
  FocalMedia,
  FoundFacts,
  FoundScene,
  InVideo,
  MediaSource,
  Thumbnails,
} from './media.ts';
export type {
  About,
  CacheReport,
  DecodeChoice,
  Decoded,
  DeviceReport,
  Edited,
  EditOptions,
  EncodeOptions,
  Focal,
  FocalOptions,
  Input,
  InputFormat,
  ModelStatus,
  OutputFormat,
  OwnBackground,
  PersonPictures,
  PickedFile,
  Progress,
  PullOptions,
  SmartEdited,
  SmartEditOptions,
  WorkOptions,
} from './types.ts';
export type {
  AnonymiseVideoOptions,
  BackgroundVideoOptions,
  FocalVideo,
  FocusVideoOptions,
  VideoOptions,
} from './video.ts';
