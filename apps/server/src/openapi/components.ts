import { pickSchema, recipeSchema, sceneSchema } from '@focal/core';
import { z } from 'zod';
import type { Json, JsonObject } from './json.ts';

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

/** What paths refer to by name. */
export function createComponents(): JsonObject {
  return {
    Recipe: toComponent(recipeSchema),
    SmartChoice: {
      type: 'object',
      properties: {
        recipe: { $ref: '#/components/schemas/Recipe' },
        rule: { type: 'string', description: 'The rule that held.' },
        mood: { type: 'string' },
        background: { type: 'string', description: 'The background of your own that was taken.' },
        because: { type: 'array', items: { type: 'string' }, description: 'What was seen, and why this was chosen.' },
      },
      required: ['recipe', 'rule', 'mood', 'because'],
    },
    Scene: toComponent(sceneSchema),
    Saliency: toComponent(sceneSchema.shape.saliency.unwrap()),
    Pick: toComponent(pickSchema),
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
        offset: { type: 'integer', description: 'Of a search that cannot be understood: where the part begins.' },
        length: { type: 'integer', description: 'How long that part is.' },
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
    Device: {
      type: 'object',
      required: ['device', 'threads', 'profile', 'tried'],
      properties: {
        device: { type: 'string', description: 'Such as cpu or cuda.' },
        threads: COUNT,
        profile: { type: 'string', enum: ['fast', 'low-memory'] },
        tried: {
          type: 'array',
          description: 'What does not work here, and why.',
          items: { type: 'object', properties: { device: TEXT, reason: TEXT } },
        },
      },
    },
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
}
