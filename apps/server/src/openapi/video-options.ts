import { focusLook, getEffect } from '@focal/core';
import { FOLLOW_EFFORTS, VIDEO_FORMATS, VIDEO_QUALITIES } from '../routes/video.ts';
import type { JsonObject } from './json.ts';
import { parameterSchemas } from './options.ts';

/** Options of every route of videos. */
export const VIDEO_ENCODE_SCHEMAS: Record<string, JsonObject> = {
  format: {
    type: 'string',
    enum: [...VIDEO_FORMATS],
    description:
      'mp4: H.264. webm: VP9. mov: ProRes 4444. The latter two may be transparent. Default: mp4, or webm where transparent.',
  },
  quality: { type: 'string', enum: [...VIDEO_QUALITIES], default: 'high', description: 'Of the frames.' },
};

export const VIDEO_SCHEMAS = {
  transparent: { type: 'boolean', default: false, description: 'Nothing stands behind: for webm and mov.' },
  threshold: {
    type: 'number',
    minimum: 0.05,
    maximum: 0.95,
    default: 0.45,
    description: 'How sure the search has to be of a face. Lower covers more, also what is no face.',
  },
  scale: {
    type: 'number',
    minimum: 0.8,
    maximum: 3,
    default: 1,
    description: 'Size of the covers beside the usual one.',
  },
  drawScores: { type: 'boolean', default: false, description: 'Draw the boxes of faces and how sure they are.' },
  at: {
    type: 'string',
    description:
      'Points in fractions of the upright frame with the second from which on they are in focus: 0.4,0.6@2.5;0.8,0.5@6.',
  },
  effort: {
    type: 'string',
    enum: [...FOLLOW_EFFORTS],
    default: 'offline',
    description: 'What is spent on following the subject.',
  },
} satisfies Record<string, JsonObject>;

/** The settings of a focus: an effect's parameters in all but name. */
export const FOCUS_LOOK_SCHEMAS: Record<string, JsonObject> = parameterSchemas({
  ...getEffect('bokeh'),
  schema: focusLook,
});
