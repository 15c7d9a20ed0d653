import type { FocalError } from '@focal/core';
import { getModel, type ModelStore } from '@focal/models';
import { assertMentions, assertRejects, assertSame, type ContractCase } from './contract.ts';

export interface ModelStoreSubject {
  /** A store of its own for every rule, with `present` in it, without `missing`, and nothing derived yet. */
  open(): Promise<ModelStore>;
  /** Catalogue id of a model that is there. */
  readonly present: string;
  /** Catalogue id of one that is not. */
  readonly missing: string;
  /** Whether `read` gives the original file; else it gives one that is ready to run. */
  readonly originals: boolean;
  /** Whether derived models of any key are kept for the next time. */
  readonly keepsDerived: boolean;
}

/** What every {@link ModelStore} must do. */
export function modelStoreContract(subject: ModelStoreSubject): readonly ContractCase[] {
  const { present, missing, originals, keepsDerived } = subject;
  const cases: ContractCase[] = [
    {
      name: 'a model that is there is told and read',
      run: async () => {
        const store = await subject.open();
        assertSame(await store.has(present), true, `has(${present})`);
        const bytes = await store.read(present);
        if (originals) assertSame(bytes.length, getModel(present).bytes, 'the length of the file');
        else assertSame(bytes.length > 1000, true, 'whether there is a file');
      },
    },
    {
      name: 'a model that is missing is told, and reading it says what to do',
      run: async () => {
        const store = await subject.open();
        assertSame(await store.has(missing), false, `has(${missing})`);
        const error: FocalError = await assertRejects(() => store.read(missing), 'model-missing');
        assertMentions(error.message, missing);
        assertSame(error.hint !== undefined, true, 'whether there is a hint');
      },
    },
    {
      name: 'a derived model is what was built, as bytes or as a path',
      run: async () => {
        const store = await subject.open();
        const derived = await store.derived('contract-a', async () => Uint8Array.of(1, 2, 3));
        if (typeof derived !== 'string') assertSame([...derived], [1, 2, 3], 'the bytes');
        else assertSame(derived.length > 0, true, 'whether there is a path');
      },
    },
    {
      name: 'a build that fails rejects with its own error and is tried again the next time',
      run: async () => {
        const store = await subject.open();
        const failure = new Error('the build failed');
        let caught: unknown;
        await store
          .derived('contract-b', () => Promise.reject(failure))
          .catch((error: unknown) => {
            caught = error;
          });
        if (caught !== failure) throw new Error(`Expected the error of the build, got ${String(caught)}.`);
        let built = 0;
        await store.derived('contract-b', async () => {
          built++;
          return Uint8Array.of(4);
        });
        assertSame(built, 1, 'the number of later builds');
      },
    },
  ];
  if (!keepsDerived) return cases;
  return [
    ...cases,
    {
      name: 'a derived model is built once for each key',
      run: async () => {
        const store = await subject.open();
        const built: string[] = [];
        const derive = (key: string): Promise<Uint8Array | string> =>
          store.derived(key, async () => {
            built.push(key);
            return Uint8Array.of(5, 6);
          });
        const first = await derive('contract-c');
        assertSame(await derive('contract-c'), first, 'the second answer');
        await derive('contract-d');
        assertSame(built, ['contract-c', 'contract-d'], 'the builds');
      },
    },
  ];
}
