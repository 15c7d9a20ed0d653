import type { Box, FacePoints, FocusDetection, FocusSight, Picture } from '@focal/core';
import {
  detectFaces,
  loadFrameDetector,
  type PoseSight,
  seeFrame,
  seePose,
  toFacePoints,
  viewPerson,
} from '@focal/models';
import { type Port, Transferred } from '../worker/messages.ts';
import { serveWorker } from '../worker/serve.ts';
import { createLiveModels, type LiveModelOptions } from './live-models.ts';

/** Faces, however unsure, in fractions of the picture. */
export type LateFaces = readonly {
  readonly box: FocusDetection['box'];
  readonly rollDegrees: number;
  readonly points: FacePoints;
}[];

const LEAST_FACE = 0.3;

/** The methods of the worker that looks at people and things beside the one that follows. */
export function createDetectHandlers(options: LiveModelOptions) {
  const models = createLiveModels(options);
  models.agree(['centernet', 'pose-lite', 'face-full', 'face-short']);
  return {
    async detect({ picture }: { picture: Picture | undefined }): Promise<Transferred<FocusSight>> {
      const loaded = await loadFrameDetector(models.runtime, models.store);
      // Without a picture it only gets ready.
      const sight = picture === undefined ? { detections: [] } : await seeFrame(loaded, picture, { isAnySize: true });
      return new Transferred(sight, sight.features === undefined ? [] : [sight.features.values.buffer as ArrayBuffer]);
    },

    /** Where the person in a box is. */
    async pose({ picture, box }: { picture: Picture; box: Box }): Promise<Transferred<PoseSight>> {
      const sight = await seePose(await models.get('pose-lite'), viewPerson(picture, box));
      return new Transferred(sight, [sight.shares.values.buffer as ArrayBuffer]);
    },

    /** A close look, for faces that are small or turned away. */
    async faces({ picture }: { picture: Picture }): Promise<LateFaces> {
      const nets = { full: await models.get('face-full'), short: await models.get('face-short') };
      const found = await detectFaces(nets, picture, { effort: 'careful', minScore: LEAST_FACE });
      return found.map(({ box, rollDegrees, points }) => ({ box, rollDegrees, points: toFacePoints(points) }));
    },
  };
}

export type DetectHandlers = ReturnType<typeof createDetectHandlers>;

/** Makes the worker it is called in the one that looks for people and things. */
export function serveDetect(port: Port, options: LiveModelOptions): void {
  serveWorker(port, createDetectHandlers(options));
}
