import { type Effect, METADATA_CHOICES } from '@focal/core';
import { z } from 'zod';
import { DEFAULT_FACTS, MATTE_FORMS } from '../analyze-options.ts';
import { OUTPUTS } from '../edit-options.ts';
import { PICK_OUTPUTS } from '../main-subject-options.ts';
import { MEDIA_TYPES } from '../negotiate.ts';
import type { Json, JsonObject } from './json.ts';

/** The effect's schema as JSON Schema, without the hints for drawing controls. */
export function parameterSchemas(effect: Effect): Record<string, JsonObject> {
  const { properties = {} } = z.toJSONSchema(effect.schema, { io: 'input' });
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const { unit, step: _step, control: _control, when: _when, ...schema } = property as Record<string, Json>;
      return [name, unit === undefined ? schema : { ...schema, 'x-unit': unit }];
    }),
  );
}

export function commonSchemas(effect: Effect): Record<string, JsonObject> {
  const hasMatte = effect.needs.includes('matte');
  return {
    ...(effect.on === undefined ? {} : { on: { ...ON_SCHEMA, default: effect.on }, lenient: LENIENT_SCHEMA }),
    ...ENCODE_SCHEMAS,
    metadata: METADATA_SCHEMA,
    ...(effect.name === 'cutout'
      ? {
          trim: {
            type: 'number',
            minimum: 0,
            maximum: 1,
            description: 'Crop to the subject with this margin, as a share of its longer side.',
          },
        }
      : {}),
    ...(hasMatte
      ? {
          output: {
            type: 'string',
            enum: [...OUTPUTS],
            default: OUTPUTS[0],
            description: 'The picture, its matte in full size, or the matte in the size that the model gives.',
          },
        }
      : {}),
  };
}

export const ENCODE_SCHEMAS: Record<string, JsonObject> = {
  format: {
    type: 'string',
    enum: Object.keys(MEDIA_TYPES),
    description: 'Format of the answer. Default: by the Accept header, else png where it may be transparent.',
  },
  quality: { type: 'integer', minimum: 1, maximum: 100, description: 'For the lossy formats. Default 90, avif 60.' },
};

export const METADATA_SCHEMA: JsonObject = {
  type: 'string',
  enum: [...METADATA_CHOICES],
  default: METADATA_CHOICES[0],
  description:
    "What of the photo's EXIF goes into the answer: nothing; camera, time, exposure, description, author and copyright; or " +
    'where it was taken too. Thumbnails, maker notes, XMP and IPTC never do.',
};

const ON_SCHEMA: JsonObject = {
  type: 'string',
  description:
    'Whom or what it acts on: everything, main, background, everyone, things, things:dog, largest, most-smiling, faces, ' +
    'unknown-faces, person-2, except:person-1,person-3 or at:0.4,0.6 (fractions of the upright photo).',
};

export const LENIENT_SCHEMA: JsonObject = {
  type: 'boolean',
  default: false,
  description: 'Leave out what acts on somebody who is not in the photo, with a warning, instead of refusing.',
};

export const SMART_SCHEMAS: Record<string, JsonObject> = {
  seed: { type: 'integer', minimum: 0, maximum: 999_999, default: 1, description: 'Another number, another roll.' },
  group: {
    type: 'string',
    enum: ['most-smiling', 'all'],
    default: 'most-smiling',
    description: 'Which face decides: the one that smiles most, or all together.',
  },
  mood: {
    type: 'string',
    description: 'In place of what the rules choose: party, rainbow, snow, calm, warm, nature …',
  },
  caption: { type: 'string', description: "In place of the rules' own; empty: none." },
  rules: {
    type: 'string',
    description: 'Rules of your own as JSON (`focal-rules`), which come before the usual ones.',
  },
  answer: {
    type: 'string',
    enum: ['picture', 'json'],
    default: 'picture',
    description: 'The picture, or the chosen recipe and why it was chosen.',
  },
};

export const ANALYZE_SCHEMAS: Record<string, JsonObject> = {
  facts: {
    type: 'string',
    default: DEFAULT_FACTS.join(','),
    description: 'What to look for: matte, objects, faces, expressions, identities, subjects, saliency, with commas.',
  },
  mattes: {
    type: 'string',
    enum: [...MATTE_FORMS],
    default: MATTE_FORMS[0],
    description: 'Alpha in the answer: left out, packed by PackBits, or as PNG, both in base64.',
  },
  vectors: {
    type: 'boolean',
    default: false,
    description: 'Also the 128 numbers of each face that tell who it is. They are never kept.',
  },
};

export const SALIENCY_SCHEMAS: Record<string, JsonObject> = {
  format: {
    type: 'string',
    enum: ['json', ...Object.keys(MEDIA_TYPES)],
    description: 'Format of the answer. Default: by the Accept header, else json.',
  },
  quality: ENCODE_SCHEMAS.quality ?? {},
  map: {
    type: 'string',
    enum: [...MATTE_FORMS],
    default: MATTE_FORMS[0],
    description: 'The evidence in the JSON: left out, packed by PackBits, or as PNG, both in base64.',
  },
  heat: {
    type: 'boolean',
    default: false,
    description: 'The photo with the evidence over it as heat, as a picture.',
  },
};

const FRACTION: JsonObject = { type: 'number', minimum: 0, maximum: 1 };

export const PICK_SCHEMAS: Record<string, JsonObject> = {
  x: { ...FRACTION, description: 'From the left, as a fraction of the upright photo. Needed.' },
  y: { ...FRACTION, description: 'From the top. Needed.' },
  format: {
    type: 'string',
    enum: ['json', ...Object.keys(MEDIA_TYPES)],
    description: 'Format of the answer. Default: by the Accept header, else png.',
  },
  quality: ENCODE_SCHEMAS.quality ?? {},
  metadata: METADATA_SCHEMA,
  output: {
    type: 'string',
    enum: [...PICK_OUTPUTS],
    default: PICK_OUTPUTS[0],
    description: 'As a picture: the cut-out, or its matte in full size.',
  },
  mattes: ANALYZE_SCHEMAS.mattes ?? {},
};

export const ASPECT_SCHEMA: JsonObject = {
  type: 'string',
  pattern: String.raw`^\d+(\.\d+)?(:\d+(\.\d+)?)?$`,
  description: 'Width by height, such as 16:9 or 1.91. Needed, in the query or in the form.',
};
