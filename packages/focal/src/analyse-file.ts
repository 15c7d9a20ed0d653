import { completeFacts, FACTS, type Fact, FocalError, isFact, type Scene } from '@focal/core';
import type { NodeModelStoreOptions } from '@focal/node';
import { defaultFormat } from './edit.ts';
import type { Engine } from './engine.ts';
import { createTrack } from './progress.ts';
import { analyseStep, compact, decodeStep } from './steps.ts';
import type { AnalysedFile, AnalyseFileOptions, Decoded, Input } from './types.ts';

/** Throws `invalid-argument` naming the facts there are. */
export function checkFacts(facts: readonly Fact[]): void {
  for (const fact of facts) {
    if (isFact(fact)) continue;
    throw new FocalError('invalid-argument', `There is no fact ${String(fact)}.`, {
      hint: `Facts are ${FACTS.join(', ')}.`,
    });
  }
}

/**
 * From bytes or path to scene. What is known of the same bytes is taken from the cache, and only the facts that are
 * missing there are found out; then the cache is told.
 */
export async function analyseFile(
  engine: Engine,
  input: Input,
  facts: readonly Fact[],
  options: AnalyseFileOptions,
): Promise<AnalysedFile> {
  const { signal, cache = true, withPicture = false } = options;
  const track = createTrack(options.onProgress, 'analyse');
  const store: NodeModelStoreOptions = engine.storeOptions;
  const pixels = engine.pixels();
  const wanted = completeFacts(facts);

  const recalled = cache
    ? await track.time('read', () => pixels.run('recall-scene', { source: compactInput(input), store }, { signal }))
    : undefined;
  const known = recalled?.scene;
  const missing = wanted.filter((fact) => !known?.facts.includes(fact));
  let decoded: Decoded | undefined;
  if (withPicture || missing.length > 0) {
    const watch = { signal, onShare: (share: number) => track.report('read', share) };
    decoded = await track.time('read', () => decodeStep(engine, input, watch));
  }
  let scene = known;
  if (decoded !== undefined && missing.length > 0) {
    const { picture } = decoded;
    const watch = { signal, onShare: (share: number) => track.report('analyse', share) };
    ({ scene } = await track.time('analyse', () => analyseStep(engine, picture, missing, watch, known)));
    if (recalled !== undefined) await pixels.run('keep-scene', { key: recalled.key, scene, store }, { signal });
  }
  if (scene === undefined) throw new FocalError('internal', 'A scene without facts was asked for.');
  return {
    scene: selectFacts(scene, wanted),
    ...(withPicture && decoded !== undefined
      ? { picture: decoded.picture, format: defaultFormat(decoded.format, decoded.hasAlpha) }
      : {}),
    recalled: wanted.filter((fact) => !missing.includes(fact)),
    timings: track.timings,
  };
}

/** The scene with these facts only: more may have been kept of earlier looks. */
function selectFacts(scene: Scene, facts: readonly Fact[]): Scene {
  const { version, width, height, matte, objects, faces, subjects, saliency, possibleFaces } = scene;
  const has = (fact: Fact): boolean => facts.includes(fact);
  return {
    version,
    width,
    height,
    facts,
    ...(has('matte') && matte && { matte }),
    ...(has('objects') && objects && { objects }),
    ...(has('faces') &&
      faces && {
        faces: {
          ...faces,
          faces: faces.faces.map(({ expression, vector, ...face }) => ({
            ...face,
            ...(has('expressions') && expression && { expression }),
            ...(has('identities') && vector && { vector }),
          })),
        },
      }),
    ...(has('subjects') && subjects && { subjects }),
    ...(has('saliency') && saliency && { saliency }),
    ...(has('possible-faces') && possibleFaces && { possibleFaces }),
  };
}

function compactInput(input: Input): Input {
  return typeof input === 'string' ? input : compact(input);
}
