import { MEDIA_TYPES } from '../negotiate.ts';
import { type ProblemCode, statusOf } from '../problems.ts';
import type { JsonObject } from './json.ts';

export const EDIT_PROBLEMS: readonly (readonly [ProblemCode, string])[] = [
  ['invalid-argument', 'An option is unknown or out of its range, or the picture is missing.'],
  ['not-acceptable', 'None of the accepted types is one that Focal writes.'],
  ['too-large', 'The body or the number of pixels is over the limit.'],
  ['unsupported-format', 'The content type or the format of the picture is none that Focal reads.'],
  ['corrupt-input', 'The picture is broken or cut short.'],
  ['busy', 'All places are taken: try again after the time in Retry-After.'],
  ['overloaded', 'A model is missing, the server is ending, or the work could not begin in time: see `code`.'],
  ['timeout', 'The upload or the work took longer than allowed.'],
  ['no-space', 'The disk that uploads go to is full.'],
];

export function problems(codes: readonly (readonly [ProblemCode, string])[]): Record<string, JsonObject> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(codes.map(([code, description]) => [String(statusOf(code)), { description, content }]));
}

export function jsonContent(schema: string): JsonObject {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

export const PICTURE_CONTENT: JsonObject = Object.fromEntries(
  Object.values(MEDIA_TYPES).map((type) => [type, { schema: {} }]),
);

export const EDIT_HEADERS: Readonly<Record<string, JsonObject>> = {
  'Focal-Size': { description: 'Width and height in pixels: 4000x3000.', schema: { type: 'string' } },
  'Focal-Device': { description: 'The device that the models ran on.', schema: { type: 'string' } },
  'Focal-Models': { description: 'Ids of the models used.', schema: { type: 'string' } },
  'Focal-Notice': { description: 'What the user should know, where a model was missing.', schema: { type: 'string' } },
  'Focal-Warnings': { description: 'Steps that were left out, and why.', schema: { type: 'string' } },
  'Focal-Report': {
    description: 'Where somebody was hidden: verdicts of the attack on the result, as JSON.',
    schema: { type: 'string' },
  },
  'Server-Timing': { description: 'Milliseconds by stage.', schema: { type: 'string' } },
};

export const VIDEO_PROBLEMS: typeof EDIT_PROBLEMS = [
  ['invalid-argument', 'An option is unknown or out of its range, or the video is missing.'],
  ['not-found', 'There is nothing at any of the points to keep in focus.'],
  ['too-large', 'The body is over the limit.'],
  ['unsupported-format', 'The content type, the file or its codec is none that Focal reads.'],
  ['corrupt-input', 'Nothing of the video can be read.'],
  ['busy', 'All places are taken: try again after the time in Retry-After.'],
  ['overloaded', 'A model is missing, the server is ending, or the work could not begin in time: see `code`.'],
  ['timeout', 'The upload or the work took longer than allowed.'],
  ['no-space', 'The disk that videos go to is full.'],
];

export const VIDEO_HEADERS: Readonly<Record<string, JsonObject>> = {
  'Focal-Size': { description: 'Width and height in pixels: 1920x1080.', schema: { type: 'string' } },
  'Focal-Frames': { description: 'How many frames there are.', schema: { type: 'integer' } },
  'Focal-Warnings': { description: 'What could not be kept, or read.', schema: { type: 'string' } },
  'Focal-Report': {
    description:
      'Of faces: how many, and the weakest moments. Of a focus: what was found, and when it was out of sight. As JSON.',
    schema: { type: 'string' },
  },
};

export const SCENE_PICTURE_HEADERS: Readonly<Record<string, JsonObject>> = Object.fromEntries(
  Object.entries(EDIT_HEADERS).filter(([name]) => name !== 'Focal-Device'),
);
