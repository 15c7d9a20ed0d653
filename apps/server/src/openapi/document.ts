import { effects } from '@focal/core';
import type { Limits } from '../limits.ts';
import { createComponents } from './components.ts';
import type { JsonObject } from './json.ts';
import {
  analyzePath,
  cropPath,
  decodePath,
  editPath,
  modelFilePath,
  pickPath,
  readPath,
  renderPath,
  saliencyPath,
  segmentPath,
  smartPath,
} from './paths.ts';

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
      schemas: createComponents(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Only where the server is open to other machines.' },
      },
    },
  };
}
