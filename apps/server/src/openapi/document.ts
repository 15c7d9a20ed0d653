import { effects } from '@focal/core';
import { libraryComponents, libraryPaths } from '../library/openapi.ts';
import type { Limits } from '../limits.ts';
import { createComponents } from './components.ts';
import type { JsonObject } from './json.ts';
import {
  analyzePath,
  cropPath,
  decodePath,
  editPath,
  modelFilePath,
  modelPullPath,
  pickPath,
  readPath,
  renderPath,
  saliencyPath,
  segmentPath,
  smartPath,
  videoAnonymizePath,
  videoBackgroundPath,
  videoFocusPath,
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
        `One request may hold ${Math.floor(limits.maxUploadBytes / 1024 / 1024)} MiB, ` +
        `one with a video ${Math.floor(limits.maxVideoBytes / 1024 / 1024)} MiB.`,
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    security: [{}, { token: [] }],
    tags: [
      { name: 'effects', description: 'Edit a photo.' },
      { name: 'videos', description: 'Edit a video.' },
      { name: 'scenes', description: 'Who and what is in a photo.' },
      { name: 'library', description: 'Photos and videos of your own, where the server has a library.' },
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
      '/v1/video/background': videoBackgroundPath(),
      '/v1/video/anonymize': videoAnonymizePath(),
      '/v1/video/focus': videoFocusPath(),
      ...libraryPaths(),
      '/v1/effects': readPath('effects', 'listEffects', 'All effects with their parameters', 'Effects'),
      '/v1/models': readPath('models', 'listModels', 'All models with licence, size and state', 'Models'),
      '/v1/device': readPath('models', 'getDevice', 'What models run on, and what was tried before', 'Device'),
      '/v1/models/{id}/onnx': modelFilePath(),
      '/v1/models/{id}/pull': modelPullPath(),
      '/health': readPath('server', 'getHealth', 'Whether the server is there; never asks for the token', 'Health'),
    },
    components: {
      schemas: { ...createComponents(), ...libraryComponents() },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Only where the server is open to other machines.' },
      },
    },
  };
}
