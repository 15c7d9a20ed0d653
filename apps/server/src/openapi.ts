import { type Effect, effects, pickSchema, recipeSchema, sceneSchema } from '@focal/core';
import { z } from 'zod';
import { DEFAULT_FACTS, MATTE_FORMS } from './analyze-options.ts';
import { OUTPUTS } from './edit-options.ts';
import type { Limits } from './limits.ts';
import { PICK_OUTPUTS } from './main-subject-options.ts';
import { MEDIA_TYPES } from './negotiate.ts';
import { type ProblemCode, statusOf } from './problems.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const EDIT_PROBLEMS: readonly (readonly [ProblemCode, string])[] = [
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

/** The API as OpenAPI 3.1, made from the effects' schemas. */
export function createOpenApi(version: string, limits: Limits): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Focal',
      version,
      summary: 'A private photo studio on your own machine.',
      description:
        'Send a photo, get the edited one back. Nothing leaves the machine that the server runs on. ' +
        `One request may hold ${Math.floor(limits.maxUploadBytes / 1024 / 1024)} MiB.`,
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    security: [{}, { token: [] }],
    tags: [
      { name: 'effects', description: 'Edit a photo.' },
      { name: 'scenes', description: 'Who and what is in a photo.' },
      { name: 'models', description: 'The neural networks at work.' },
      { name: 'server', description: 'The server itself.' },
    ],
    paths: {
      ...Object.fromEntries(Object.values(effects).map((effect) => [`/v1/${effect.name}`, editPath(effect)])),
      '/v1/render': renderPath(),
      '/v1/smart': smartPath(),
      '/segment/': segmentPath(),
      '/v1/analyze': analyzePath(),
      '/v1/saliency': saliencyPath(),
      '/v1/crop': cropPath(),
      '/v1/pick': pickPath(),
      '/v1/decode': decodePath(),
      '/v1/effects': readPath('effects', 'listEffects', 'All effects with their parameters', 'Effects'),
      '/v1/models': readPath('models', 'listModels', 'All models with licence, size and state', 'Models'),
      '/v1/models/{id}/onnx': modelFilePath(),
      '/health': readPath('server', 'getHealth', 'Whether the server is there; never asks for the token', 'Health'),
    },
    components: {
      schemas: {
        Recipe: toComponent(recipeSchema),
        SmartChoice: SMART_CHOICE,
        Scene: toComponent(sceneSchema),
        Saliency: toComponent(sceneSchema.shape.saliency.unwrap()),
        Pick: toComponent(pickSchema),
        ...COMPONENT_SCHEMAS,
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Only where the server is open to other machines.' },
      },
    },
  };
}

function editPath(effect: Effect): JsonObject {
  const properties: Record<string, JsonObject> = { ...parameterSchemas(effect), ...commonSchemas(effect) };
  const files = {
    image: file('The photo.'),
    ...Object.fromEntries(effect.assets.map((a) => [a.name, file(a.description)])),
  };
  return {
    post: {
      tags: ['effects'],
      operationId: effect.name,
      summary: effect.title,
      description: `${effect.description} Options go in the query; in a form they may be fields too.`,
      parameters: Object.entries(properties).map(toParameter),
      requestBody: pictureBody(files),
      responses: {
        '200': {
          description: 'The edited photo, or the matte that was asked for.',
          headers: EDIT_HEADERS,
          content: PICTURE_CONTENT,
        },
        ...problems(EDIT_PROBLEMS),
      },
    },
  };
}

function renderPath(): JsonObject {
  const { format, quality } = ENCODE_SCHEMAS;
  return {
    post: {
      tags: ['effects'],
      operationId: 'render',
      summary: 'Apply a recipe',
      description:
        'Several effects, each to whom it names. The pictures that the recipe uses are further files of the form, ' +
        'by the names they have in the recipe.',
      parameters: Object.entries({ lenient: LENIENT_SCHEMA, format: format ?? {}, quality: quality ?? {} }).map(
        toParameter,
      ),
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              properties: { image: file('The photo.'), recipe: { $ref: '#/components/schemas/Recipe' } },
              required: ['image', 'recipe'],
              additionalProperties: file('A picture that the recipe uses.'),
            },
            encoding: { recipe: { contentType: 'application/json' } },
          },
        },
      },
      responses: {
        '200': { description: 'The edited photo.', headers: EDIT_HEADERS, content: PICTURE_CONTENT },
        ...problems([...EDIT_PROBLEMS, ['not-found', 'Nobody is in the photo whom a step names.']]),
      },
    },
  };
}

function smartPath(): JsonObject {
  return {
    post: {
      tags: ['effects'],
      operationId: 'smart',
      summary: 'Choose a look that suits the photo',
      description:
        'Background, frame, tone and caption by the expression of faces and what else is in the photo, by rules. Further ' +
        'files of the form are backgrounds of your own, by the words of their names. It goes by expressions, which are ' +
        'what faces show, not what people feel.',
      parameters: Object.entries({ ...SMART_SCHEMAS, ...ENCODE_SCHEMAS }).map(toParameter),
      requestBody: pictureBody({ image: file('The photo.') }),
      responses: {
        '200': {
          description: 'The edited photo, or what was chosen and why.',
          headers: {
            'Focal-Choice': { description: 'What was seen and why that look was chosen.', schema: { type: 'string' } },
            ...EDIT_HEADERS,
          },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/SmartChoice' } }, ...PICTURE_CONTENT },
        },
        ...problems(EDIT_PROBLEMS),
      },
    },
  };
}

function segmentPath(): JsonObject {
  return {
    post: {
      tags: ['effects'],
      operationId: 'segment',
      summary: 'Edit a photo as clients of FocalPoint AI ask for it',
      description: 'For programs made for that service. New ones do better with the routes of effects.',
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              properties: {
                file: file('The photo.'),
                effect: { type: 'string', enum: ['remove_bg', 'bokeh', 'anonymize'], description: 'What to do.' },
              },
              required: ['file', 'effect'],
            },
          },
        },
      },
      responses: {
        '200': {
          description: 'The edited photo.',
          headers: EDIT_HEADERS,
          content: { 'image/png': PICTURE_CONTENT['image/png'] ?? {} },
        },
        ...problems(EDIT_PROBLEMS.filter(([code]) => code !== 'not-acceptable')),
      },
    },
  };
}

function analyzePath(): JsonObject {
  return {
    post: {
      tags: ['scenes'],
      operationId: 'analyze',
      summary: 'Find out who and what is in a photo',
      description:
        'Only what is asked for is looked for. Places are fractions of the upright photo. ' +
        'Options go in the query; in a form they may be fields too.',
      parameters: Object.entries(ANALYZE_SCHEMAS).map(toParameter),
      requestBody: pictureBody({ image: file('The photo.') }),
      responses: {
        '200': {
          description: 'The scene; lists are empty where there is nothing.',
          headers: { 'Server-Timing': EDIT_HEADERS['Server-Timing'] ?? {} },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Scene' } } },
        },
        ...problems(EDIT_PROBLEMS.filter(([code]) => code !== 'not-acceptable')),
      },
    },
  };
}

function saliencyPath(): JsonObject {
  return {
    post: {
      tags: ['scenes'],
      operationId: 'saliency',
      summary: 'Find out what a photo is about, and why',
      description:
        'The main subject, where to look, how sure that is and what it rests on: as JSON, or as a picture of the ' +
        'evidence in the size of the photo. Options go in the query; in a form they may be fields too.',
      parameters: Object.entries(SALIENCY_SCHEMAS).map(toParameter),
      requestBody: pictureBody({ image: file('The photo.') }),
      responses: {
        '200': {
          description: 'What the photo is about, or the evidence.',
          headers: SCENE_PICTURE_HEADERS,
          content: {
            'application/json': { schema: { $ref: '#/components/schemas/Saliency' } },
            ...PICTURE_CONTENT,
          },
        },
        ...problems(EDIT_PROBLEMS),
      },
    },
  };
}

function cropPath(): JsonObject {
  return {
    post: {
      tags: ['scenes'],
      operationId: 'crop',
      summary: 'Cut a photo to a shape around what it is about',
      description:
        'The main subject and all faces stay whole where they fit. ' +
        'Options go in the query; in a form they may be fields too.',
      parameters: Object.entries({ aspect: ASPECT_SCHEMA, ...ENCODE_SCHEMAS }).map(toParameter),
      requestBody: pictureBody({ image: file('The photo.') }),
      responses: {
        '200': {
          description: 'The part of the photo.',
          headers: {
            'Focal-Crop': {
              description: 'Left, top, width and height in pixels of the upright photo: 240,0,1080,1080.',
              schema: { type: 'string' },
            },
            ...SCENE_PICTURE_HEADERS,
          },
          content: PICTURE_CONTENT,
        },
        ...problems(EDIT_PROBLEMS),
      },
    },
  };
}

function pickPath(): JsonObject {
  return {
    post: {
      tags: ['scenes'],
      operationId: 'pick',
      summary: 'Cut out what is at a point of a photo',
      description:
        'A person or thing of the scene, else a part of what stands out, else what grows from the point. As a cut-out, ' +
        'or as JSON where that is accepted. Options go in the query; in a form they may be fields too.',
      parameters: Object.entries(PICK_SCHEMAS).map(toParameter),
      requestBody: pictureBody({ image: file('The photo.') }),
      responses: {
        '200': {
          description: 'What was picked.',
          headers: SCENE_PICTURE_HEADERS,
          content: {
            ...PICTURE_CONTENT,
            'application/json': { schema: { $ref: '#/components/schemas/Pick' } },
          },
        },
        ...problems([...EDIT_PROBLEMS, ['not-found', 'Nothing stands out from its background at this point.']]),
      },
    },
  };
}

function decodePath(): JsonObject {
  const problemsHere = EDIT_PROBLEMS.map(([code, text]) =>
    code === 'overloaded'
      ? ([code, 'The server is ending, or the work could not begin in time: see `code`.'] as const)
      : ([code, text] as const),
  );
  return {
    post: {
      tags: ['effects'],
      operationId: 'decode',
      summary: 'Convert a picture',
      description:
        'Any picture that Focal reads (JPEG, PNG, WebP, AVIF, TIFF, the first frame of a GIF, HEIC) in a format that ' +
        'browsers show: upright, in sRGB, without metadata. Options go in the query; in a form they may be fields too.',
      parameters: Object.entries(ENCODE_SCHEMAS).map(toParameter),
      requestBody: pictureBody({ image: file('The picture.') }),
      responses: {
        '200': {
          description: 'The picture.',
          headers: {
            'Focal-Size': EDIT_HEADERS['Focal-Size'] ?? {},
            'Server-Timing': EDIT_HEADERS['Server-Timing'] ?? {},
          },
          content: PICTURE_CONTENT,
        },
        ...problems(problemsHere),
      },
    },
  };
}

function pictureBody(properties: Record<string, JsonObject>): JsonObject {
  return {
    required: true,
    content: {
      'multipart/form-data': { schema: { type: 'object', properties, required: ['image'] } },
      'image/*': { schema: {} },
      'application/octet-stream': { schema: {} },
    },
  };
}

function toParameter([name, { description = '', ...schema }]: [string, JsonObject]): JsonObject {
  return { name, in: 'query', required: false, description, schema };
}

/** The effect's schema as JSON Schema, without the hints for drawing controls. */
function parameterSchemas(effect: Effect): Record<string, JsonObject> {
  const { properties = {} } = z.toJSONSchema(effect.schema, { io: 'input' });
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const { unit, step: _step, control: _control, when: _when, ...schema } = property as Record<string, Json>;
      return [name, unit === undefined ? schema : { ...schema, 'x-unit': unit }];
    }),
  );
}

function commonSchemas(effect: Effect): Record<string, JsonObject> {
  const hasMatte = effect.needs.includes('matte');
  return {
    ...(effect.on === undefined ? {} : { on: { ...ON_SCHEMA, default: effect.on }, lenient: LENIENT_SCHEMA }),
    ...ENCODE_SCHEMAS,
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

function modelFilePath(): JsonObject {
  return {
    get: {
      tags: ['models'],
      operationId: 'getModelFile',
      summary: 'The model as ONNX, ready to run in a browser',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: {
        '200': { description: 'The file.', content: { 'application/octet-stream': { schema: {} } } },
        '304': { description: 'The client has it: If-None-Match holds its ETag.' },
        ...problems([
          ['not-found', 'There is no model of this id.'],
          ['model-missing', 'The model is not installed.'],
        ]),
      },
    },
  };
}

function readPath(tag: string, operationId: string, summary: string, schema: string): JsonObject {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
  return { get: { tags: [tag], operationId, summary, responses: { '200': { description: summary, content } } } };
}

function problems(codes: readonly (readonly [ProblemCode, string])[]): Record<string, JsonObject> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(codes.map(([code, description]) => [String(statusOf(code)), { description, content }]));
}

function file(description: string): JsonObject {
  return { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream', description };
}

const ENCODE_SCHEMAS: Record<string, JsonObject> = {
  format: {
    type: 'string',
    enum: Object.keys(MEDIA_TYPES),
    description: 'Format of the answer. Default: by the Accept header, else png where it may be transparent.',
  },
  quality: { type: 'integer', minimum: 1, maximum: 100, description: 'For the lossy formats. Default 90, avif 60.' },
};

const ON_SCHEMA: JsonObject = {
  type: 'string',
  description:
    'Whom or what it acts on: everything, main, background, everyone, things, things:dog, largest, most-smiling, faces, ' +
    'unknown-faces, person-2, except:person-1,person-3 or at:0.4,0.6 (fractions of the upright photo).',
};

const LENIENT_SCHEMA: JsonObject = {
  type: 'boolean',
  default: false,
  description: 'Leave out what acts on somebody who is not in the photo, with a warning, instead of refusing.',
};

const SMART_CHOICE: JsonObject = {
  type: 'object',
  properties: {
    recipe: { $ref: '#/components/schemas/Recipe' },
    rule: { type: 'string', description: 'The rule that held.' },
    mood: { type: 'string' },
    background: { type: 'string', description: 'The background of your own that was taken.' },
    because: { type: 'array', items: { type: 'string' }, description: 'What was seen, and why this was chosen.' },
  },
  required: ['recipe', 'rule', 'mood', 'because'],
};

const SMART_SCHEMAS: Record<string, JsonObject> = {
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
  answer: {
    type: 'string',
    enum: ['picture', 'json'],
    default: 'picture',
    description: 'The picture, or the chosen recipe and why it was chosen.',
  },
};

const ANALYZE_SCHEMAS: Record<string, JsonObject> = {
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

const SALIENCY_SCHEMAS: Record<string, JsonObject> = {
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

const PICK_SCHEMAS: Record<string, JsonObject> = {
  x: { ...FRACTION, description: 'From the left, as a fraction of the upright photo. Needed.' },
  y: { ...FRACTION, description: 'From the top. Needed.' },
  format: {
    type: 'string',
    enum: ['json', ...Object.keys(MEDIA_TYPES)],
    description: 'Format of the answer. Default: by the Accept header, else png.',
  },
  quality: ENCODE_SCHEMAS.quality ?? {},
  output: {
    type: 'string',
    enum: [...PICK_OUTPUTS],
    default: PICK_OUTPUTS[0],
    description: 'As a picture: the cut-out, or its matte in full size.',
  },
  mattes: ANALYZE_SCHEMAS.mattes ?? {},
};

const ASPECT_SCHEMA: JsonObject = {
  type: 'string',
  pattern: String.raw`^\d+(\.\d+)?(:\d+(\.\d+)?)?$`,
  description: 'Width by height, such as 16:9 or 1.91. Needed, in the query or in the form.',
};

const PICTURE_CONTENT: JsonObject = Object.fromEntries(
  Object.values(MEDIA_TYPES).map((type) => [type, { schema: {} }]),
);

const EDIT_HEADERS: Readonly<Record<string, JsonObject>> = {
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

const SCENE_PICTURE_HEADERS: Readonly<Record<string, JsonObject>> = Object.fromEntries(
  Object.entries(EDIT_HEADERS).filter(([name]) => name !== 'Focal-Device'),
);

/** A schema without the name of its dialect, which the document says once. */
function toComponent(schema: z.ZodType): JsonObject {
  const { $schema: _dialect, ...component } = z.toJSONSchema(schema) as Record<string, Json>;
  return component;
}

const TEXT: JsonObject = { type: 'string' };
const COUNT: JsonObject = { type: 'integer', minimum: 0 };

function list(name: string, item: Record<string, JsonObject>): JsonObject {
  const items = { type: 'object', properties: item };
  return { type: 'object', required: [name], properties: { [name]: { type: 'array', items } } };
}

const COMPONENT_SCHEMAS: JsonObject = {
  Problem: {
    type: 'object',
    description: 'RFC 9457 problem details.',
    required: ['type', 'title', 'status', 'detail', 'code'],
    properties: {
      type: TEXT,
      title: TEXT,
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What was expected and what came.' },
      code: { type: 'string', description: 'For programs to branch on.' },
      hint: { type: 'string', description: 'What to do next.' },
    },
  },
  Effects: list('effects', {
    name: TEXT,
    title: TEXT,
    description: TEXT,
    needs: { type: 'array', items: TEXT },
    assets: { type: 'array', items: { type: 'object' } },
    parameters: { type: 'array', items: { type: 'object' } },
  }),
  Models: list('models', {
    id: TEXT,
    task: TEXT,
    title: TEXT,
    licence: TEXT,
    origin: TEXT,
    bytes: COUNT,
    sha256: TEXT,
    source: { type: 'string', description: 'An npm package with its version, or an address.' },
    state: {
      type: 'string',
      enum: ['ready', 'missing', 'available'],
      description: 'available: to be downloaded with focal models pull.',
    },
    hint: TEXT,
    onnx: { type: 'string', description: 'Where its file is, ready to run.' },
  }),
  Health: {
    type: 'object',
    required: ['name', 'version', 'status', 'queue'],
    properties: {
      name: { type: 'string', const: 'focal' },
      version: TEXT,
      status: { type: 'string', const: 'ok' },
      queue: { type: 'object', properties: { running: COUNT, waiting: COUNT } },
    },
  },
};
