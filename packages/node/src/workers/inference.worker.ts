import type { Matte, Scene } from '@focal/core';
import {
  type ClassEvidence,
  createAnalyser,
  loadModel,
  measureLikeness,
  nameOwnModels,
  type Session,
} from '@focal/models';
import type { InferenceJobs } from './inference-jobs.ts';
import { rebuildPicture } from './plan-spec.ts';
import { createStarter, takeSetup } from './take-setup.ts';
import { serveJobs } from './worker-main.ts';

// Before the runtime starts threads of its own, which take its priority over.
const { profile, openRuntime, openStore } = takeSetup();

/** The runtime and the analyser over it; made at first use, made again after a failure. */
const engine = createStarter(async () => {
  const runtime = await openRuntime();
  const store = openStore();
  // While things are looked for, another thread looks for faces, or at another picture.
  const analyser = createAnalyser({ runtime, store, profile, onOneThread: ['objects'] });
  return { runtime, store, analyser };
});

/** The net that tells people apart, where only pictures are compared. */
let identity: Promise<Session> | undefined;
serveJobs<InferenceJobs>(
  {
    async device() {
      const { runtime } = await engine.get();
      return { result: { device: runtime.device, tried: runtime.tried, version: runtime.version } };
    },
    async prepare({ facts }) {
      const { analyser } = await engine.get();
      await analyser.prepare(facts);
      return { result: undefined };
    },
    async analyse({ picture, facts, square, reduced, known, upcoming, evidence }, report) {
      const { runtime, store, analyser } = await engine.get();
      let found: ClassEvidence | undefined;
      const scene = await analyser.analyse(rebuildPicture(picture), facts, {
        onProgress: report,
        ...(square === undefined ? {} : { square: rebuildPicture(square) }),
        ...(reduced === undefined ? {} : { reduced: rebuildPicture(reduced) }),
        ...(known === undefined ? {} : { known }),
        ...(upcoming === undefined ? {} : { upcoming }),
        ...(evidence === undefined ? {} : { evidence }),
        onEvidence: (each) => {
          found = each;
        },
      });
      const result = { scene: shareMatte(nameOwnModels(scene, store)), device: runtime.device };
      return { result: found === undefined ? result : { ...result, evidence: found } };
    },
    async 'compare-faces'({ original, result, nothing, faces }) {
      const { runtime, store } = await engine.get();
      identity ??= loadModel(runtime, store, 'face-recognition', { profile, threads: 1 });
      const session = await identity.catch((error: unknown) => {
        identity = undefined;
        throw error;
      });
      const pictures = {
        original: rebuildPicture(original),
        result: rebuildPicture(result),
        nothing: rebuildPicture(nothing),
      };
      const likeness: number[] = [];
      for (const { points, seen } of faces) {
        likeness.push(await measureLikeness(session, pictures, points, seen === undefined ? {} : { seen }));
      }
      return { result: likeness };
    },
  },
  async () => {
    await (await identity?.catch(() => undefined))?.close();
    const running = await engine.peek();
    await running?.analyser.close();
    await running?.runtime.close();
  },
);

/** The matte on shared memory, where pixel workers read it without copying. */
function shareMatte(scene: Scene): Scene {
  if (scene.matte === undefined) return scene;
  const { matte, provenance } = scene.matte;
  const data = new Uint8Array(new SharedArrayBuffer(matte.data.length));
  data.set(matte.data);
  return { ...scene, matte: { matte: { ...matte, data } satisfies Matte, provenance } };
}
