import { relative } from 'node:path';
import { MAIN_SUBJECT_FACTS, sceneProvenance, toMatteSize, toSceneJson } from '@focal/core';
import { describeSaliency } from './describe-scene.ts';
import type { ExitCode } from './exit-codes.ts';
import { expectPicture, expectSaliency, type ResultRequest, runSceneResults } from './scene-results.ts';

/** Everything the command line said about `focal saliency`. */
export interface SaliencyRequest extends ResultRequest {
  /** The photo under its evidence, rather than the evidence alone in grey. */
  readonly heat: boolean;
}

/** What photos are about, and a picture of why. */
export function runSaliency(request: SaliencyRequest): Promise<ExitCode> {
  const rules = { suffix: request.heat ? 'heat' : 'saliency', lossless: !request.heat };
  return runSceneResults(request, rules, async ({ input, jobs }, { focal, signal, photo, onProgress, save }) => {
    const { scene, picture, recalled, timings } = await focal.analyseFile(photo, MAIN_SUBJECT_FACTS, {
      signal,
      cache: request.cache,
      withPicture: request.heat,
      onProgress,
    });
    const saliency = expectSaliency(scene);
    const drawn = request.heat
      ? await focal.drawHeat(expectPicture(picture), scene, { signal })
      : await focal.drawSaliency(scene, { signal });
    for (const job of jobs) await save(drawn, job);
    const [job] = jobs;
    const { notice } = sceneProvenance(scene);
    return {
      text: `${describeSaliency(input.shown, saliency)}\n  → ${relative('', job?.output ?? '')}`,
      json: {
        output: job?.output,
        width: scene.width,
        height: scene.height,
        saliency: toSceneJson(scene, { matte: toMatteSize }).saliency,
        recalled,
        timings,
      },
      ...(notice === undefined ? {} : { notice }),
    };
  });
}
