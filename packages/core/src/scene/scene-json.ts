import { z } from 'zod';
import { FocalError } from '../errors.ts';
import { packBits, unpackBits } from '../matte/packbits.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { FACTS, type Face, type Scene } from './scene.ts';

/** The version of {@link SceneJson} that is written, and the only one that is read. */
export const SCENE_JSON_VERSION = 1;

const fraction = z.number().meta({ description: 'Fraction of the upright picture’s width or height.' });
const share = z.number().min(0).max(1);
const point = z.strictObject({ x: fraction, y: fraction });
const box = z
  .strictObject({ x: fraction, y: fraction, width: fraction, height: fraction })
  .meta({ description: 'Left, top, width and height in fractions of the upright picture.' });
const provenance = z.strictObject({
  models: z.array(z.string()).meta({ description: 'Ids of the models that gave this.' }),
  notice: z.string().optional().meta({ description: 'What the user should know about it.' }),
});
const side = z.int().min(1).max(32_768);
const matte = z
  .strictObject({
    width: side,
    height: side,
    packbits: z
      .string()
      .optional()
      .meta({ description: 'Alpha, one byte a pixel row by row, packed by PackBits (TIFF 6.0), in base64.' }),
    png: z.string().optional().meta({ description: 'The same as a grey PNG in base64, where that was asked for.' }),
  })
  .meta({ description: 'Alpha that covers the picture, or the box beside it, edge to edge.' });

const expressionNames = ['angry', 'disgusted', 'fearful', 'happy', 'neutral', 'sad', 'surprised'] as const;
const facePoints = z.strictObject({
  rightEye: point,
  leftEye: point,
  nose: point,
  mouthRight: point,
  mouthLeft: point,
});
const faceSchema = z.strictObject({
  id: z.string(),
  box,
  score: share,
  points: facePoints,
  rollDegrees: z.number(),
  quality: z.strictObject({ overall: share, size: share, sharpness: share, pose: share }),
  expression: z.strictObject({ smile: share, distribution: z.record(z.enum(expressionNames), share) }).optional(),
  vector: z.array(z.number()).length(128).optional().meta({ description: 'Who it is, as 128 numbers.' }),
});
const subject = z.strictObject({
  id: z.string(),
  kind: z.enum(['person', 'object']),
  label: z.string(),
  score: share,
  box,
  anchor: point,
  matte: z.strictObject({ box, matte }),
  faceIds: z.array(z.string()),
});

/** The JSON form of a {@link Scene}: what the command line, the API and the cache write. */
export const sceneSchema = z.strictObject({
  version: z.literal(SCENE_JSON_VERSION),
  width: z.int().min(1),
  height: z.int().min(1),
  facts: z.array(z.enum(FACTS as [(typeof FACTS)[number], ...(typeof FACTS)[number][]])),
  matte: z.strictObject({ matte, provenance }).optional(),
  objects: z
    .strictObject({ objects: z.array(z.strictObject({ label: z.string(), score: share, box })), provenance })
    .optional(),
  faces: z.strictObject({ faces: z.array(faceSchema), provenance }).optional(),
  subjects: z.strictObject({ subjects: z.array(subject), provenance }).optional(),
  saliency: z
    .strictObject({
      map: matte,
      classes: z.array(z.strictObject({ label: z.string(), score: share })),
      vocabulary: z.enum(['imagenet', 'coco']),
      box,
      focalPoint: point,
      subjectId: z.string().optional(),
      confidence: share,
      basis: z.enum(['map-and-matte', 'matte', 'map', 'faces', 'centre']),
      provenance,
    })
    .optional(),
  possibleFaces: z
    .strictObject({
      places: z.array(
        z.strictObject({
          id: z.string(),
          box,
          basis: z.enum(['face', 'head', 'told']),
          score: share,
          points: facePoints.optional(),
          rollDegrees: z.number(),
        }),
      ),
      provenance,
    })
    .optional(),
});

export type SceneJson = z.output<typeof sceneSchema>;
export type MatteJson = z.output<typeof matte>;

export interface SceneJsonOptions {
  /** Numbers that tell who a person is are left out unless asked for. */
  readonly withVectors?: boolean;
  /** How a matte is written. Default {@link toPackedMatte}; {@link toMatteSize} leaves the alpha out. */
  readonly matte?: (matte: Matte) => MatteJson;
}

/** The alpha in PackBits: any reader of this version can read it back. */
export function toPackedMatte({ width, height, data }: Matte): MatteJson {
  return { width, height, packbits: toBase64(packBits(data)) };
}

/** The size alone, for people who read the JSON. Such a scene cannot be read back. */
export function toMatteSize({ width, height }: Matte): MatteJson {
  return { width, height };
}

/**
 * A scene as plain JSON. Fractions are rounded to a millionth.
 * @example
 * JSON.stringify(toSceneJson(scene, { matte: toMatteSize }))
 */
export function toSceneJson(scene: Scene, options: SceneJsonOptions = {}): SceneJson {
  const { withVectors = false, matte: toMatte = toPackedMatte } = options;
  const { version, width, height, objects, faces, subjects, saliency, possibleFaces } = scene;
  const json = {
    version,
    width,
    height,
    facts: scene.facts.filter((fact) => withVectors || fact !== 'identities'),
    ...(scene.matte && { matte: { ...scene.matte, matte: toMatte(scene.matte.matte) } }),
    ...(objects && { objects }),
    ...(faces && { faces: { ...faces, faces: faces.faces.map((each) => toFaceJson(each, withVectors)) } }),
    ...(subjects && {
      subjects: {
        ...subjects,
        subjects: subjects.subjects.map((each) => ({
          ...each,
          matte: { box: each.matte.box, matte: toMatte(each.matte.matte) },
        })),
      },
    }),
    ...(saliency && { saliency: { ...saliency, map: toMatte(saliency.map) } }),
    ...(possibleFaces && { possibleFaces }),
  };
  return roundNumbers(json) as SceneJson;
}

/**
 * The scene that JSON describes. Throws `invalid-argument` where it is of another version, not a scene, or without
 * the alpha of its mattes.
 */
export function fromSceneJson(value: unknown): Scene {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (version !== SCENE_JSON_VERSION) {
    throw new FocalError(
      'invalid-argument',
      `Expected a scene of version ${SCENE_JSON_VERSION}, got ${String(version)}.`,
      {
        hint: 'Analyse the photo again with this version of Focal.',
      },
    );
  }
  const parsed = sceneSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue?.path.join('.') ?? '';
    throw new FocalError('invalid-argument', `Expected a scene, got JSON that is none at ${place}: ${issue?.message}.`);
  }
  const { matte: main, objects, faces, subjects, saliency, possibleFaces, ...rest } = parsed.data;
  return {
    ...rest,
    ...(main && { matte: { matte: fromMatteJson(main.matte), provenance: toProvenance(main.provenance) } }),
    ...(objects && { objects: { ...objects, provenance: toProvenance(objects.provenance) } }),
    ...(faces && { faces: { faces: faces.faces.map(fromFaceJson), provenance: toProvenance(faces.provenance) } }),
    ...(subjects && {
      subjects: {
        subjects: subjects.subjects.map((each) => ({
          ...each,
          matte: { box: each.matte.box, matte: fromMatteJson(each.matte.matte) },
        })),
        provenance: toProvenance(subjects.provenance),
      },
    }),
    ...(saliency && { saliency: fromSaliencyJson(saliency) }),
    ...(possibleFaces && {
      possibleFaces: {
        places: possibleFaces.places.map(({ points, ...place }) => ({ ...place, ...(points && { points }) })),
        provenance: toProvenance(possibleFaces.provenance),
      },
    }),
  };
}

function toFaceJson({ vector, ...face }: Face, withVectors: boolean): object {
  return vector === undefined || !withVectors ? face : { ...face, vector: [...vector] };
}

function fromFaceJson({ vector, expression, ...face }: z.output<typeof faceSchema>): Face {
  return {
    ...face,
    ...(expression && { expression }),
    ...(vector && { vector: Float32Array.from(vector) }),
  };
}

function fromSaliencyJson(json: NonNullable<SceneJson['saliency']>): NonNullable<Scene['saliency']> {
  const { map, subjectId, provenance: origin, ...saliency } = json;
  return {
    ...saliency,
    map: fromMatteJson(map),
    ...(subjectId !== undefined && { subjectId }),
    provenance: toProvenance(origin),
  };
}

function toProvenance({ models, notice }: z.output<typeof provenance>): {
  readonly models: readonly string[];
  readonly notice?: string;
} {
  return notice === undefined ? { models } : { models, notice };
}

function fromMatteJson({ width, height, packbits }: MatteJson): Matte {
  if (packbits === undefined) {
    throw new FocalError('invalid-argument', 'Expected mattes with their alpha in packbits, got one without.', {
      hint: 'Write the scene with its mattes.',
    });
  }
  return createMatte(width, height, { data: unpackBits(fromBase64(packbits), width * height) });
}

/** Every number in it rounded to a millionth. */
export function roundNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(6));
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, roundNumbers(each)]));
}
