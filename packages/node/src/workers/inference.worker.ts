import { workerData } from 'node:worker_threads';
import type { Matte, Scene } from '@focal/core';
import {
  type ClassEvidence,
  createAnalyser,
  loadModel,
  measureLikeness,
  nameOwnModels,
  type Session,
} from '@focal/models';
import { createNodeModelStore } from '../models/model-store.ts';
import { createOrtRuntime } from '../runtime/ort-runtime.ts';
import type { InferenceJobs, InferenceSetup } from './inference-jobs.ts';
import { rebuildPicture } from './plan-spec.ts';
import { takePriority } from './priority.ts';
import { serveJobs } from './worker-main.ts';

const {
  priority,
  device,
  threads,
  profile,
  cacheFolder,
  modelsFolder,
  without,
  own = [],
} = workerData as InferenceSetup;

// Before the runtime starts threads of its own, which take it over.
takePriority(priority);

/** The runtime and the analyser over it; made at first use, made again after a failure. */
async function start() {
  const runtime = await createOrtRuntime({ device, threads, profile });
  const store = createNodeModelStore({ cacheFolder, modelsFolder, without, own });
  return { runtime, store, analyser: createAnalyser({ runtime, store, profile }) };
}

/** The net that tells people apart, where only pictures are compared. */
let identity: Promise<Session> | undefined;
let started: ReturnType<typeof start> | undefined;

function engine(): ReturnType<typeof start> {
  if (started === undefined) {
    const starting = start();
    starting.catch(() => {
      started = undefined;
    });
    started = starting;
  }
  return started;
}

serveJobs<InferenceJobs>(
  {
    async device() {
      const { runtime } = await engine();
      return { result: { device: runtime.device, tried: runtime.tried, version: runtime.version } };
    },
    async prepare({ facts }) {
      const { analyser } = await engine();
      await analyser.prepare(facts);
      return { result: undefined };
    },
    async analyse({ picture, facts, square, reduced, known, upcoming, evidence }, report) {
      const { runtime, store, analyser } = await engine();
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
      const { runtime, store } = await engine();
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
    const running = await started?.catch(() => undefined);
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
