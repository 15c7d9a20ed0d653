import { type Effect, getEffect } from '@focal/core';
import type { ProblemCode } from '../problems.ts';
import {
  EDIT_HEADERS,
  EDIT_PROBLEMS,
  jsonContent,
  PICTURE_CONTENT,
  problems,
  SCENE_PICTURE_HEADERS,
  VIDEO_HEADERS,
  VIDEO_PROBLEMS,
} from './answers.ts';
import type { JsonObject } from './json.ts';
import {
  ANALYZE_SCHEMAS,
  ASPECT_SCHEMA,
  commonSchemas,
  ENCODE_SCHEMAS,
  LENIENT_SCHEMA,
  METADATA_SCHEMA,
  PICK_SCHEMAS,
  parameterSchemas,
  SALIENCY_SCHEMAS,
  SMART_SCHEMAS,
} from './options.ts';
import { FOCUS_LOOK_SCHEMAS, VIDEO_ENCODE_SCHEMAS, VIDEO_SCHEMAS } from './video-options.ts';

const WHERE_OPTIONS_GO = 'Options go in the query; in a form they may be fields too.';

interface PhotoPath {
  readonly tag: 'effects' | 'scenes' | 'videos';
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Options of the query by name. */
  readonly options?: Readonly<Record<string, JsonObject>>;
  readonly body?: JsonObject;
  /** What the answer is. */
  readonly answer: string;
  readonly headers: Readonly<Record<string, JsonObject>>;
  readonly content: JsonObject;
  readonly problems?: readonly (readonly [ProblemCode, string])[];
}

/** A path that photos are sent to. */
function photoPath({ tag, operationId, summary, description, options, body, ...more }: PhotoPath): JsonObject {
  return {
    post: {
      tags: [tag],
      operationId,
      summary,
      description,
      ...(options === undefined ? {} : { parameters: Object.entries(options).map(toParameter) }),
      requestBody: body ?? pictureBody({ image: file('The photo.') }),
      responses: {
        '200': { description: more.answer, headers: more.headers, content: more.content },
        ...problems(more.problems ?? EDIT_PROBLEMS),
      },
    },
  };
}

export function editPath(effect: Effect): JsonObject {
  return photoPath({
    tag: 'effects',
    operationId: effect.name,
    summary: effect.title,
    description: `${effect.description} ${WHERE_OPTIONS_GO}`,
    options: { ...parameterSchemas(effect), ...commonSchemas(effect) },
    body: pictureBody({
      image: file('The photo.'),
      ...Object.fromEntries(effect.assets.map((asset) => [asset.name, file(asset.description)])),
    }),
    answer: 'The edited photo, or the matte that was asked for.',
    headers: EDIT_HEADERS,
    content: PICTURE_CONTENT,
  });
}

export function renderPath(): JsonObject {
  return photoPath({
    tag: 'effects',
    operationId: 'render',
    summary: 'Apply a recipe',
    description:
      'Several effects, each to whom it names. The pictures that the recipe uses are further files of the form, ' +
      'by the names they have in the recipe.',
    options: { lenient: LENIENT_SCHEMA, ...ENCODE_SCHEMAS, metadata: METADATA_SCHEMA },
    body: formBody({
      properties: { image: file('The photo.'), recipe: { $ref: '#/components/schemas/Recipe' } },
      required: ['image', 'recipe'],
      additionalProperties: file('A picture that the recipe uses.'),
      encoding: { recipe: { contentType: 'application/json' } },
    }),
    answer: 'The edited photo.',
    headers: EDIT_HEADERS,
    content: PICTURE_CONTENT,
    problems: [...EDIT_PROBLEMS, ['not-found', 'Nobody is in the photo whom a step names.']],
  });
}

export function smartPath(): JsonObject {
  return photoPath({
    tag: 'effects',
    operationId: 'smart',
    summary: 'Choose a look that suits the photo',
    description:
      'Background, frame, tone and caption by the expression of faces and what else is in the photo, by rules. Further ' +
      'files of the form are backgrounds of your own, by the words of their names. It goes by expressions, which are ' +
      'what faces show, not what people feel.',
    options: { ...SMART_SCHEMAS, ...ENCODE_SCHEMAS, metadata: METADATA_SCHEMA },
    answer: 'The edited photo, or what was chosen and why.',
    headers: {
      'Focal-Choice': { description: 'What was seen and why that look was chosen.', schema: { type: 'string' } },
      ...EDIT_HEADERS,
    },
    content: { ...jsonContent('SmartChoice'), ...PICTURE_CONTENT },
  });
}

export function segmentPath(): JsonObject {
  return photoPath({
    tag: 'effects',
    operationId: 'segment',
    summary: 'Edit a photo as clients of FocalPoint AI ask for it',
    description: 'For programs made for that service. New ones do better with the routes of effects.',
    body: formBody({
      properties: {
        file: file('The photo.'),
        effect: { type: 'string', enum: ['remove_bg', 'bokeh', 'anonymize'], description: 'What to do.' },
      },
      required: ['file', 'effect'],
    }),
    answer: 'The edited photo.',
    headers: EDIT_HEADERS,
    content: { 'image/png': PICTURE_CONTENT['image/png'] ?? {} },
    problems: EDIT_PROBLEMS.filter(([code]) => code !== 'not-acceptable'),
  });
}

export function analyzePath(): JsonObject {
  return photoPath({
    tag: 'scenes',
    operationId: 'analyze',
    summary: 'Find out who and what is in a photo',
    description: `Only what is asked for is looked for. Places are fractions of the upright photo. ${WHERE_OPTIONS_GO}`,
    options: ANALYZE_SCHEMAS,
    answer: 'The scene; lists are empty where there is nothing.',
    headers: { 'Server-Timing': EDIT_HEADERS['Server-Timing'] ?? {} },
    content: jsonContent('Scene'),
    problems: EDIT_PROBLEMS.filter(([code]) => code !== 'not-acceptable'),
  });
}

export function saliencyPath(): JsonObject {
  return photoPath({
    tag: 'scenes',
    operationId: 'saliency',
    summary: 'Find out what a photo is about, and why',
    description:
      'The main subject, where to look, how sure that is and what it rests on: as JSON, or as a picture of the ' +
      `evidence in the size of the photo. ${WHERE_OPTIONS_GO}`,
    options: SALIENCY_SCHEMAS,
    answer: 'What the photo is about, or the evidence.',
    headers: SCENE_PICTURE_HEADERS,
    content: { ...jsonContent('Saliency'), ...PICTURE_CONTENT },
  });
}

export function cropPath(): JsonObject {
  return photoPath({
    tag: 'scenes',
    operationId: 'crop',
    summary: 'Cut a photo to a shape around what it is about',
    description: `The main subject and all faces stay whole where they fit. ${WHERE_OPTIONS_GO}`,
    options: { aspect: ASPECT_SCHEMA, ...ENCODE_SCHEMAS, metadata: METADATA_SCHEMA },
    answer: 'The part of the photo.',
    headers: {
      'Focal-Crop': {
        description: 'Left, top, width and height in pixels of the upright photo: 240,0,1080,1080.',
        schema: { type: 'string' },
      },
      ...SCENE_PICTURE_HEADERS,
    },
    content: PICTURE_CONTENT,
  });
}

export function pickPath(): JsonObject {
  return photoPath({
    tag: 'scenes',
    operationId: 'pick',
    summary: 'Cut out what is at a point of a photo',
    description:
      'A person or thing of the scene, else a part of what stands out, else what grows from the point. As a cut-out, ' +
      `or as JSON where that is accepted. ${WHERE_OPTIONS_GO}`,
    options: PICK_SCHEMAS,
    answer: 'What was picked.',
    headers: SCENE_PICTURE_HEADERS,
    content: { ...PICTURE_CONTENT, ...jsonContent('Pick') },
    problems: [...EDIT_PROBLEMS, ['not-found', 'Nothing stands out from its background at this point.']],
  });
}

export function decodePath(): JsonObject {
  return photoPath({
    tag: 'effects',
    operationId: 'decode',
    summary: 'Convert a picture',
    description:
      'Any picture that Focal reads (JPEG, PNG, WebP, AVIF, TIFF, the first frame of a GIF, HEIC) in a format that ' +
      `browsers show: upright and in sRGB. ${WHERE_OPTIONS_GO}`,
    options: { ...ENCODE_SCHEMAS, metadata: METADATA_SCHEMA },
    body: pictureBody({ image: file('The picture.') }),
    answer: 'The picture.',
    headers: {
      'Focal-Size': EDIT_HEADERS['Focal-Size'] ?? {},
      'Server-Timing': EDIT_HEADERS['Server-Timing'] ?? {},
    },
    content: PICTURE_CONTENT,
    problems: EDIT_PROBLEMS.map(([code, text]) =>
      code === 'overloaded'
        ? [code, 'The server is ending, or the work could not begin in time: see `code`.']
        : [code, text],
    ),
  });
}

/** What all paths of videos share. */
function videoPath({
  files = {},
  fields = {},
  ...more
}: Pick<PhotoPath, 'operationId' | 'summary' | 'description' | 'answer'> & {
  readonly options: Readonly<Record<string, JsonObject>>;
  readonly files?: Record<string, JsonObject>;
  readonly fields?: Record<string, JsonObject>;
}): JsonObject {
  return photoPath({
    tag: 'videos',
    ...more,
    options: { ...more.options, ...VIDEO_ENCODE_SCHEMAS },
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: { video: file('The video.'), ...files, ...fields },
            required: ['video'],
          },
        },
        'video/*': { schema: {} },
        'application/octet-stream': { schema: {} },
      },
    },
    headers: VIDEO_HEADERS,
    content: { 'video/mp4': { schema: {} }, 'video/webm': { schema: {} }, 'video/quicktime': { schema: {} } },
    problems: VIDEO_PROBLEMS,
  });
}

export function videoBackgroundPath(): JsonObject {
  const effect = getEffect('background');
  return videoPath({
    operationId: 'videoBackground',
    summary: 'Another background behind everyone in a video',
    description: `Without options, the place is blurred. Sound goes with it. ${WHERE_OPTIONS_GO}`,
    options: { ...parameterSchemas(effect), transparent: VIDEO_SCHEMAS.transparent },
    files: { background: file('The picture behind everyone, with kind=picture.') },
    answer: 'The video.',
  });
}

export function videoAnonymizePath(): JsonObject {
  const effect = getEffect('anonymize');
  return videoPath({
    operationId: 'videoAnonymize',
    summary: 'Cover the faces in a video for good',
    description:
      'Faces are found in every frame and followed through time, also where they are not seen for a moment. The header ' +
      `Focal-Report names the weakest moments: look at them. ${WHERE_OPTIONS_GO}`,
    options: {
      ...parameterSchemas(effect),
      threshold: VIDEO_SCHEMAS.threshold,
      scale: VIDEO_SCHEMAS.scale,
      drawScores: VIDEO_SCHEMAS.drawScores,
    },
    files: { picture: file('Drawn over each face, with style=picture.') },
    answer: 'The video.',
  });
}

export function videoFocusPath(): JsonObject {
  return videoPath({
    operationId: 'videoFocus',
    summary: 'Keep one subject of a video in focus',
    description: `What is at the points of \`at\`, or what the timeline says, stays sharp. ${WHERE_OPTIONS_GO}`,
    options: { at: VIDEO_SCHEMAS.at, effort: VIDEO_SCHEMAS.effort, ...FOCUS_LOOK_SCHEMAS },
    fields: {
      timeline: { type: 'string', contentMediaType: 'application/json', description: 'Format focal-timeline.' },
    },
    answer: 'The video.',
  });
}

export function modelFilePath(): JsonObject {
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

export function modelPullPath(): JsonObject {
  return {
    post: {
      tags: ['models'],
      operationId: 'pullModel',
      summary: 'Download a model that is not bundled',
      description: 'Of the catalogue, only nanotrack-v2, which the live page offers. The one call that reaches out.',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: {
        '200': {
          description: 'It is here, whole and checked.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['id', 'outcome', 'bytes'],
                properties: {
                  id: { type: 'string' },
                  outcome: { type: 'string', enum: ['pulled', 'present'] },
                  bytes: { type: 'integer' },
                },
              },
            },
          },
        },
        ...problems([
          ['not-found', 'There is no model of this id.'],
          ['invalid-argument', 'This model is not downloaded from here.'],
          ['network', 'It could not be fetched.'],
        ]),
      },
    },
  };
}

export function readPath(tag: string, operationId: string, summary: string, schema: string): JsonObject {
  const answer = { description: summary, content: jsonContent(schema) };
  return { get: { tags: [tag], operationId, summary, responses: { '200': answer } } };
}

export function pictureBody(properties: Record<string, JsonObject>): JsonObject {
  return {
    required: true,
    content: {
      'multipart/form-data': { schema: { type: 'object', properties, required: ['image'] } },
      'image/*': { schema: {} },
      'application/octet-stream': { schema: {} },
    },
  };
}

/** A body that has to be a form. */
function formBody({ encoding, ...schema }: JsonObject & { readonly encoding?: JsonObject }): JsonObject {
  const form = { schema: { type: 'object', ...schema }, ...(encoding === undefined ? {} : { encoding }) };
  return { required: true, content: { 'multipart/form-data': form } };
}

function toParameter([name, { description = '', ...schema }]: [string, JsonObject]): JsonObject {
  return { name, in: 'query', required: false, description, schema };
}

export function file(description: string): JsonObject {
  return { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream', description };
}
