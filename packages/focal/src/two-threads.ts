import { completeFacts, type Fact, type Scene } from '@focal/core';
import type { InferenceJobs, WorkerPool } from '@focal/node';

type Analysis = InferenceJobs['analyse']['output'];

export interface TwoThreads {
  /** Its models run on all processors where that pays. */
  readonly main: WorkerPool<InferenceJobs>;
  /** For small models, and for those that take long with one thread anyway. */
  readonly side: WorkerPool<InferenceJobs>;
  /** The picture and its reductions. */
  readonly job: Omit<InferenceJobs['analyse']['input'], 'facts' | 'known' | 'upcoming' | 'evidence'>;
  /** What to find out, complete but for what is known. */
  readonly missing: readonly Fact[];
  readonly known: Scene | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told of the share of the large models' work that is done. */
  readonly onProgress: (progress: unknown) => void;
}

const LOOKS: ReadonlySet<Fact> = new Set(['matte', 'objects']);
const OF_FACES: ReadonlySet<Fact> = new Set(['expressions', 'identities']);
const ASIDE: ReadonlySet<Fact> = new Set(['faces', 'saliency', ...OF_FACES]);

/** Whether there is work for each of the two. */
export function suitsTwoThreads(missing: readonly Fact[]): boolean {
  return missing.some((fact) => ASIDE.has(fact)) && missing.some((fact) => !ASIDE.has(fact));
}

/**
 * The facts, with each thread going on as soon as what it needs is known: one looks at the whole and then at people and
 * things one by one; the other finds faces, tells what they show and who they are, and what speaks for the main
 * subject. Half as long again on one thread.
 */
export async function analyseOnTwoThreads(options: TwoThreads): Promise<Analysis> {
  const { main, side, job, missing, known, signal, onProgress } = options;
  const run = async (
    pool: WorkerPool<InferenceJobs>,
    facts: readonly Fact[],
    from: Scene | undefined,
    more: Pick<InferenceJobs['analyse']['input'], 'upcoming' | 'evidence'> = {},
  ): Promise<Analysis> =>
    pool.run('analyse', { ...job, ...more, facts, ...(from && { known: from }) }, { signal, onProgress: tell(pool) });
  const tell = (pool: WorkerPool<InferenceJobs>) => (pool === main ? onProgress : undefined);

  const ofFaces = missing.filter((fact) => OF_FACES.has(fact));
  const later = missing.filter((fact) => !ASIDE.has(fact) && !LOOKS.has(fact));
  const needsEvidence = missing.includes('saliency');

  const looks = run(
    main,
    missing.filter((fact) => LOOKS.has(fact)),
    known,
  );
  const faces = missing.includes('faces') ? run(side, ['faces'], known) : undefined;
  const both = Promise.all([looks, faces]).then(([one, other]) => merge(one, other));
  const eachOne = later.length === 0 ? both : both.then((found) => run(main, later, found.scene));
  const aboutFaces =
    ofFaces.length === 0 && !needsEvidence
      ? faces
      : Promise.resolve(faces).then((found) =>
          run(side, ofFaces, found?.scene ?? known, needsEvidence ? { upcoming: ['saliency'] } : {}),
        );
  const [one, other] = await Promise.all([eachOne, aboutFaces, both]);
  const all = merge(one, other);
  if (!needsEvidence) return all;
  const evidence = other?.evidence;
  return run(main, ['saliency'], all.scene, evidence && { evidence });
}

/** What two threads found; the second knows more of what both know of. */
function merge(one: Analysis, other: Analysis | undefined): Analysis {
  if (other === undefined) return one;
  const facts = completeFacts([...one.scene.facts, ...other.scene.facts]);
  return { device: one.device, scene: { ...one.scene, ...other.scene, facts } };
}
