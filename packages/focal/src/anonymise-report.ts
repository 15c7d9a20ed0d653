import { type AnonymisedPicture, type AnonymiseReport, attackAnonymised, toPlainCover } from '@focal/core';
import { runPlanParallel } from '@focal/node';
import type { Engine } from './engine.ts';
import type { StepOptions } from './steps.ts';

/**
 * Attacks what Focal made by {@link attackAnonymised}. A plain cover is rendered beside it to compare with. Some 400 ms
 * and 60 ms a face. Throws `invalid-argument` for another step, or pictures of two sizes; `aborted`.
 *
 * @example
 * const report = await reportAnonymised(engine, { original, result, scene, step }, {});
 * report.verdict // 'safe'
 */
export async function reportAnonymised(
  engine: Engine,
  anonymised: Omit<AnonymisedPicture, 'nothing'>,
  { signal }: StepOptions,
): Promise<AnonymiseReport> {
  const { original, scene, step } = anonymised;
  const spec = { kind: 'recipe', picture: original, scene, steps: [toPlainCover(step)], pictures: {} } as const;
  const nothing = await runPlanParallel(engine.pixels(), spec, { signal });
  return attackAnonymised(
    { ...anonymised, nothing },
    {
      async findFaces(picture) {
        const found = await engine.freeInference().run('analyse', { picture, facts: ['faces'] }, { signal });
        return found.scene.faces?.faces ?? [];
      },
      compareFaces: (faces) => engine.freeInference().run('compare-faces', faces, { signal }),
    },
  );
}
