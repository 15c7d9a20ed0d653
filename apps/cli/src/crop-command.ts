import { relative } from 'node:path';
import {
  type Aspect,
  type Box,
  cropToAspect,
  FocalError,
  MAIN_SUBJECT_FACTS,
  parseAspect,
  type Region,
  sceneProvenance,
  toCropRegion,
} from '@focal/core';
import type { ExitCode } from './exit-codes.ts';
import { expectPicture, expectSaliency, type ResultRequest, runSceneResults } from './scene-results.ts';

/** Everything the command line said about `focal crop`. */
export interface CropRequest extends ResultRequest {
  /** `1:1,16:9`, as it was given. */
  readonly aspects: string;
}

/** Cuts photos to shapes around what they are about: a file for each shape. */
export async function runCrop(request: CropRequest): Promise<ExitCode> {
  const aspects = parseAspects(request.aspects);
  if (aspects.size > 1 && request.output === undefined && request.inputs.includes('-')) {
    throw new FocalError('invalid-argument', 'Several pictures cannot go to standard output.', {
      hint: "Give one aspect ratio, a folder (-o out/) or a pattern (-o '{name}-{aspect}.{ext}').",
    });
  }
  const rules = { suffix: 'crop', lossless: false, variants: [...aspects.keys()] };
  return runSceneResults(request, rules, async ({ jobs }, { focal, signal, photo, onProgress, save }) => {
    const analysed = await focal.analyseFile(photo, MAIN_SUBJECT_FACTS, {
      signal,
      cache: request.cache,
      withPicture: true,
      onProgress,
    });
    const { scene, recalled, timings } = analysed;
    const picture = expectPicture(analysed.picture);
    const crops: object[] = [];
    const lines: string[] = [];
    for (const job of jobs) {
      const { name, ratio } = aspectOf(aspects, job.variant);
      const pixels = toCropRegion(cropToAspect(scene, ratio), scene, ratio);
      const bytes = await save(await focal.crop(picture, pixels, { signal }), job);
      const { output, format } = job;
      crops.push({ aspect: name, output, format, bytes, box: toFractions(pixels, scene), pixels });
      const { x, y, width, height } = pixels;
      // A person sees what became what; a program reading us gets the path alone.
      lines.push(
        process.stdout.isTTY
          ? `${job.input.shown} → ${relative('', output)}  ${width} × ${height} at ${x}, ${y}`
          : output,
      );
    }
    const { notice } = sceneProvenance(scene);
    const { basis, confidence } = expectSaliency(scene);
    return {
      ...(request.quiet ? {} : { text: lines.join('\n') }),
      json: { width: scene.width, height: scene.height, crops, basis, confidence, recalled, timings },
      ...(notice === undefined ? {} : { notice }),
    };
  });
}

/** By the name that they get in files: `16x9`. */
function parseAspects(text: string): ReadonlyMap<string, Aspect> {
  const aspects = new Map<string, Aspect>();
  for (const part of text.split(',')) {
    const aspect = parseAspect(part);
    const name = aspect.name.replace(':', 'x');
    if (aspects.has(name)) throw new FocalError('invalid-argument', `The aspect ratio ${aspect.name} came twice.`);
    aspects.set(name, aspect);
  }
  return aspects;
}

function aspectOf(aspects: ReadonlyMap<string, Aspect>, name: string | undefined): Aspect {
  const aspect = aspects.get(name ?? '');
  if (aspect === undefined) throw new FocalError('internal', 'A crop was planned without its aspect ratio.');
  return aspect;
}

/** What was cut out in fractions of the photo, to a millionth. */
function toFractions({ x, y, width, height }: Region, whole: { readonly width: number; readonly height: number }): Box {
  const round = (share: number): number => Number(share.toFixed(6));
  return {
    x: round(x / whole.width),
    y: round(y / whole.height),
    width: round(width / whole.width),
    height: round(height / whole.height),
  };
}
