import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelStoreContract, runtimeContract } from '@focal/testing/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeModelStore } from './models/model-store.ts';
import { createOrtRuntime } from './runtime/ort-runtime.ts';

describe("Node's runtime", () => {
  const cases = runtimeContract({ open: () => createOrtRuntime({ device: 'cpu' }) });
  it.each(cases)('keeps the contract: $name', async ({ run }) => {
    expect(await run()).toBeUndefined();
  });
});

describe("Node's model store", () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'focal-models-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const cases = modelStoreContract({
    open: async () =>
      createNodeModelStore({ cacheFolder: await mkdtemp(join(folder, 'cache-')), without: ['pose-lite'] }),
    present: 'selfie',
    missing: 'pose-lite',
    originals: true,
    keepsDerived: true,
  });
  it.each(cases)('keeps the contract: $name', async ({ run }) => {
    expect(await run()).toBeUndefined();
  });
});
