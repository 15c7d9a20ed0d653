import type { Runtime, Session, Tensor } from '@focal/models';
import { assertMentions, assertRejects, assertSame, type ContractCase } from './contract.ts';

export interface RuntimeSubject {
  /** A runtime of its own for every rule. */
  open(): Promise<Runtime>;
}

/** sum = a + b and product = a × b, all float32 of shape [1, 4]; ONNX, opset 17. */
const MODEL =
  'CAgSBUZvY2FsOpwBChUKAWEKAWISA3N1bRoDc3VtIgNBZGQKHQoBYQoBYhIHcHJvZHVjdBoHcHJvZHVjdCIDTXVsEghjb250cmFjdFoTCgFhEg4K' +
  'DAgBEggKAggBCgIIBFoTCgFiEg4KDAgBEggKAggBCgIIBGIVCgNzdW0SDgoMCAESCAoCCAEKAggEYhkKB3Byb2R1Y3QSDgoMCAESCAoCCAEKAggEQgQK' +
  'ABAR';

/** What every {@link Runtime} and the sessions it loads must do. */
export function runtimeContract(subject: RuntimeSubject): readonly ContractCase[] {
  const withSession = (work: (session: Session, runtime: Runtime) => Promise<void>) => async (): Promise<void> => {
    const runtime = await subject.open();
    try {
      await work(await runtime.load(modelBytes()), runtime);
    } finally {
      await runtime.close();
    }
  };
  return [
    {
      name: 'a session names its inputs, outputs and device',
      run: withSession(async (session, runtime) => {
        assertSame([...session.inputNames], ['a', 'b'], 'the inputs');
        assertSame([...session.outputNames].sort(), ['product', 'sum'], 'the outputs');
        assertSame(session.device, runtime.device, "the session's device");
      }),
    },
    {
      name: 'all outputs are computed unless some are asked for',
      run: withSession(async (session) => {
        const results = await session.run(feeds());
        assertSame(Object.keys(results).sort(), ['product', 'sum'], 'the outputs');
        assertSame(floats(results.sum), [11, 22, 33, 44], 'the sum');
        assertSame(floats(results.product), [10, 40, 90, 160], 'the product');
        assertSame([...(results.sum?.dims ?? [])], [1, 4], 'the shape');
      }),
    },
    {
      name: 'only the outputs asked for come back',
      run: withSession(async (session) => {
        const results = await session.run(feeds(), { outputs: ['product'] });
        assertSame(Object.keys(results), ['product'], 'the outputs');
        assertSame(floats(results.product), [10, 40, 90, 160], 'the product');
      }),
    },
    {
      name: 'an output that the model has not is refused by name',
      run: withSession(async (session) => {
        const error = await assertRejects(
          () => session.run(feeds(), { outputs: ['sum', 'quotient'] }),
          'invalid-argument',
        );
        assertMentions(error.message, 'quotient');
      }),
    },
    {
      name: 'an input that is missing is refused by name',
      run: withSession(async (session) => {
        const error = await assertRejects(() => session.run({ a: row(1, 2, 3, 4) }), 'invalid-argument');
        assertMentions(error.message, 'b');
      }),
    },
    {
      name: 'an input that the model has not is refused by name',
      run: withSession(async (session) => {
        const error = await assertRejects(
          () => session.run({ ...feeds(), third: row(1, 2, 3, 4) }),
          'invalid-argument',
        );
        assertMentions(error.message, 'third');
      }),
    },
    {
      name: 'an input of another shape or type is refused, and the session still works',
      run: withSession(async (session) => {
        const wide: Tensor = { type: 'float32', data: new Float32Array(5), dims: [1, 5] };
        const whole: Tensor = { type: 'int32', data: new Int32Array(4), dims: [1, 4] };
        const short: Tensor = { type: 'float32', data: new Float32Array(3), dims: [1, 4] };
        for (const b of [wide, whole, short]) {
          await assertRejects(() => session.run({ ...feeds(), b }), 'invalid-argument');
        }
        assertSame(floats((await session.run(feeds())).sum), [11, 22, 33, 44], 'the sum afterwards');
      }),
    },
    {
      name: 'inputs stay as they are and can be fed again',
      run: withSession(async (session) => {
        const inputs = feeds();
        await session.run(inputs);
        assertSame(floats(inputs.a), [1, 2, 3, 4], 'the input');
        assertSame(floats((await session.run(inputs)).sum), [11, 22, 33, 44], 'the second sum');
      }),
    },
    {
      name: 'results of earlier runs stay as they are, also of runs at the same time',
      run: withSession(async (session) => {
        const first = await session.run(feeds());
        const both = await Promise.all([
          session.run({ a: row(0, 0, 0, 0), b: row(5, 6, 7, 8) }),
          session.run({ a: row(1, 1, 1, 1), b: row(5, 6, 7, 8) }),
        ]);
        assertSame(floats(first.sum), [11, 22, 33, 44], 'the first sum');
        assertSame(
          both.map(({ sum }) => floats(sum)),
          [
            [5, 6, 7, 8],
            [6, 7, 8, 9],
          ],
          'the later sums',
        );
      }),
    },
    {
      name: 'views into larger buffers are fed by their own bytes',
      run: withSession(async (session) => {
        const large = Float32Array.of(9, 9, 10, 20, 30, 40, 9);
        const b: Tensor = { type: 'float32', data: large.subarray(2, 6), dims: [1, 4] };
        assertSame(floats((await session.run({ ...feeds(), b })).sum), [11, 22, 33, 44], 'the sum');
      }),
    },
    {
      name: 'a run that is cancelled before or meanwhile rejects, and the session still works',
      run: withSession(async (session) => {
        const before = new AbortController();
        before.abort();
        await assertRejects(() => session.run(feeds(), { signal: before.signal }), 'aborted');
        const meanwhile = new AbortController();
        const running = session.run(feeds(), { signal: meanwhile.signal });
        meanwhile.abort();
        await assertRejects(() => running, 'aborted');
        assertSame(floats((await session.run(feeds())).sum), [11, 22, 33, 44], 'the sum afterwards');
      }),
    },
    {
      name: 'a closed session refuses to run, and may be closed twice',
      run: withSession(async (session) => {
        await session.close();
        await session.close();
        await assertRejects(() => session.run(feeds()), 'closed');
      }),
    },
    {
      name: 'a closed runtime closes its sessions, loads nothing, and may be closed twice',
      run: withSession(async (session, runtime) => {
        await runtime.close();
        await runtime.close();
        await assertRejects(() => session.run(feeds()), 'closed');
        await assertRejects(() => runtime.load(modelBytes()), 'closed');
      }),
    },
    {
      name: 'a closed session leaves the others of its runtime open',
      run: withSession(async (session, runtime) => {
        const other = await runtime.load(modelBytes(), { profile: 'low-memory' });
        await session.close();
        assertSame(floats((await other.run(feeds())).sum), [11, 22, 33, 44], 'the sum');
      }),
    },
    {
      name: 'bytes that are no model, or half of one, are refused',
      run: withSession(async (_session, runtime) => {
        const bytes = modelBytes();
        for (const broken of [new Uint8Array(), bytes.subarray(0, bytes.length >> 1), new Uint8Array(200).fill(7)]) {
          await assertRejects(() => runtime.load(broken), 'model-invalid');
        }
      }),
    },
  ];
}

function modelBytes(): Uint8Array {
  return Uint8Array.from(atob(MODEL), (letter) => letter.charCodeAt(0));
}

function row(...values: readonly number[]): Tensor {
  return { type: 'float32', data: Float32Array.from(values), dims: [1, values.length] };
}

function feeds(): { readonly a: Tensor; readonly b: Tensor } {
  return { a: row(1, 2, 3, 4), b: row(10, 20, 30, 40) };
}

function floats(tensor: Tensor | undefined): readonly number[] | undefined {
  return tensor?.type === 'float32' ? [...tensor.data] : undefined;
}
