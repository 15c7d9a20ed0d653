import { writeFile } from 'node:fs/promises';
import { FocalError, toErrorData } from '@focal/core';
import {
  assertOwnTask,
  checkOutput,
  fitInput,
  fitOutput,
  type OwnModelFit,
  type OwnTask,
  toOwnOnnx,
} from '@focal/models';
import { createOrtRuntime } from '../runtime/ort-runtime.ts';
import { createDiskCache } from './disk-cache.ts';
import type { OwnModelAnswer, OwnModelQuestion } from './own-model.ts';
import { type OwnModelBytes, readOwnModel } from './own-model-files.ts';

// The process of its own that tries a user's model; see [Note: own models].

/** Raised when what is kept, or how it is checked, changes. */
const VERSION = 2;
const KEPT_FIT = 'fit.json';

interface Checked {
  readonly onnx: Uint8Array;
  readonly fit: OwnModelFit;
}

process.once('message', (question) => {
  void answer(question as OwnModelQuestion).then((result) => {
    process.send?.(result);
  });
});

async function answer({ task, path, cacheFolder }: OwnModelQuestion): Promise<OwnModelAnswer> {
  try {
    assertOwnTask(task);
    // Where memory runs out, the system is to end this process and not another; Linux alone knows this.
    await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
    const own = await readOwnModel(path);
    const key = `own-${task}-${own.sha256}-v${VERSION}`;
    const cache = createDiskCache({ folder: cacheFolder });
    const kept = await cache.read(key, KEPT_FIT);
    let fit = kept === undefined ? undefined : (JSON.parse(new TextDecoder().decode(kept)) as OwnModelFit);
    let checked: Checked | undefined;
    if (fit === undefined) {
      checked = await check(own, task);
      fit = checked.fit;
      await cache.keep(key, KEPT_FIT, new TextEncoder().encode(JSON.stringify(fit)));
    }
    const onnx = await cache.file(key, 'onnx', async () => (checked ?? (await check(own, task))).onnx);
    return { ok: true, sha256: own.sha256, onnx, fit };
  } catch (error) {
    return { ok: false, error: toErrorData(error) };
  }
}

/** Reads the model, and runs it on a picture of colour wedges to see what it gives. */
async function check({ file }: OwnModelBytes, task: OwnTask): Promise<Checked> {
  const own = toOwnOnnx(file);
  const input = fitInput(own.graph, task, own.range);
  const runtime = await createOrtRuntime({ device: 'cpu' });
  const session = await runtime.load(own.write(), { profile: 'low-memory' }).catch((cause: unknown) => {
    const hint = 'It has to be a model that ONNX Runtime runs without help from outside.';
    throw new FocalError('model-invalid', toErrorData(cause).message, { hint, cause });
  });
  const { layout, width, height } = input;
  const dims = layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  const [black, white] = input.range;
  const data = Float32Array.from(
    { length: width * height * 3 },
    (_, index) => black + ((white - black) * ((index * 7) % 256)) / 255,
  );
  const outputs = await session.run({ [input.name]: { type: 'float32', data, dims } }).catch((cause: unknown) => {
    const message = `Expected a model that runs on [${dims.join(', ')}]: ${toErrorData(cause).message}`;
    throw new FocalError('model-invalid', message, { cause });
  });
  const shapes = session.outputNames.flatMap((name) => {
    const output = outputs[name];
    return output === undefined ? [] : [{ name, type: output.type, dims: output.dims }];
  });
  const fit = fitOutput(shapes, task);
  const output = checkOutput(outputs[fit.name]?.data as Float32Array, fit, task);
  return { onnx: own.write([output.name]), fit: { input, output } };
}
