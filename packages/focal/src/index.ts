// Errors and what effects there are, for programs that use the library
export { effects, FocalError } from '@focal/core';
export type { PulledModel, PullProgress } from '@focal/node';
export { VERSION } from './about.ts';
export { createFocal } from './create-focal.ts';
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
