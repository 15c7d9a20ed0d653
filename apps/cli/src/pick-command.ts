import { relative } from 'node:path';
import { type Point, sceneProvenance, toMatteSize, toPickJson } from '@focal/core';
import { describePick } from './describe-scene.ts';
import type { ExitCode } from './exit-codes.ts';
import { type ResultRequest, runSceneResults } from './scene-results.ts';

/** Everything the command line said about `focal pick`. */
export interface PickRequest extends ResultRequest {
  readonly at: Point;
  /** The mask of what was picked, in grey, rather than its cut-out. */
  readonly maskOnly: boolean;
}

/** Cuts out what is at a point of photos. */
export function runPick(request: PickRequest): Promise<ExitCode> {
  const { at, maskOnly, cache } = request;
  const rules = { suffix: maskOnly ? 'mask' : 'pick', lossless: true };
  return runSceneResults(request, rules, async ({ input, jobs }, { focal, signal, photo, onProgress, save }) => {
    const found = await focal.pickFile(photo, at, { signal, cache, onProgress });
    const { pick, picked, picture, scene, recalled, timings } = found;
    const image = maskOnly
      ? await focal.refineMatte(picture, picked, { signal })
      : await focal.render(picture, picked, 'cutout', {}, { signal });
    for (const job of jobs) await save(image, job);
    const [job] = jobs;
    const { notice } = sceneProvenance(scene);
    return {
      text: `${describePick(input.shown, scene, pick)}\n  → ${relative('', job?.output ?? '')}`,
      json: { output: job?.output, pick: toPickJson(scene, at, pick, { matte: toMatteSize }), recalled, timings },
      ...(notice === undefined ? {} : { notice }),
    };
  });
}
