import { FocalError } from '@focal/core';
import { CALLBACK_MODULE, encodeCallbacks } from './callbacks.ts';

/** What HarfBuzz may take for one font: the file, its tables, and what it works with. */
const MAX_MEMORY_BYTES = 256 * 2 ** 20;
const PAGE_BYTES = 65_536;

type Call = (...values: number[]) => number;

const NAMES = [
  'malloc',
  'free',
  'hb_blob_create',
  'hb_blob_get_length',
  'hb_buffer_add_utf16',
  'hb_buffer_clear_contents',
  'hb_buffer_create',
  'hb_buffer_get_glyph_infos',
  'hb_buffer_get_glyph_positions',
  'hb_buffer_get_length',
  'hb_buffer_guess_segment_properties',
  'hb_buffer_set_direction',
  'hb_buffer_set_script',
  'hb_draw_funcs_create',
  'hb_draw_funcs_set_close_path_func',
  'hb_draw_funcs_set_cubic_to_func',
  'hb_draw_funcs_set_line_to_func',
  'hb_draw_funcs_set_move_to_func',
  'hb_draw_funcs_set_quadratic_to_func',
  'hb_face_collect_unicodes',
  'hb_face_create',
  'hb_face_get_upem',
  'hb_face_reference_table',
  'hb_font_create',
  'hb_font_draw_glyph',
  'hb_font_get_h_extents',
  'hb_font_get_nominal_glyph',
  'hb_set_create',
  'hb_set_get_population',
  'hb_shape',
] as const;

/** HarfBuzz's own functions, by their names, addresses as numbers. */
export type HarfBuzzCalls = Readonly<Record<(typeof NAMES)[number], Call>>;

/** Takes what `hb_font_draw_glyph` draws: in units of the font, y up. */
export interface PathSink {
  move(x: number, y: number): void;
  line(x: number, y: number): void;
  quad(x1: number, y1: number, x: number, y: number): void;
  cubic(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  close(): void;
}

/** One HarfBuzz with a memory of its own. Nothing in it is freed: it goes as a whole. */
export interface HarfBuzz {
  readonly calls: HarfBuzzCalls;
  /** Address of the draw functions that give to the sink. */
  readonly drawFunctions: number;
  /** The memory as it is now; any call may replace it. */
  view(): DataView<ArrayBuffer>;
  /** Copies bytes in; gives their address. Throws `too-large` where they do not fit. */
  copyIn(bytes: Uint8Array): number;
}

/**
 * Starts HarfBuzz from its compiled program (`harfbuzzjs/dist/harfbuzz.wasm` 1.x, whose exports are HarfBuzz's C
 * functions). A font that breaks it, if one can, breaks this instance only. [Note: a HarfBuzz for each font]
 */
export function startHarfBuzz(program: WebAssembly.Module, sink: PathSink): HarfBuzz {
  let memory: WebAssembly.Memory | undefined;
  const stop = (): never => {
    throw new FocalError('internal', 'HarfBuzz stopped.');
  };
  const grow = (bytes: number): number => {
    const size = memory?.buffer.byteLength ?? 0;
    // As an unsigned number of bytes.
    const wanted = bytes >>> 0;
    if (memory === undefined || wanted > MAX_MEMORY_BYTES) return 0;
    // By a quarter more than is asked for, so that growing is rare.
    const target = Math.min(MAX_MEMORY_BYTES, Math.max(wanted, size * 1.25));
    try {
      memory.grow(Math.max(0, Math.ceil((target - size) / PAGE_BYTES)));
      return 1;
    } catch {
      return 0;
    }
  };
  const instance = new WebAssembly.Instance(program, {
    env: {
      _abort_js: stop,
      _emscripten_runtime_keepalive_clear: () => undefined,
      _setitimer_js: () => 0,
      emscripten_resize_heap: grow,
    },
    wasi_snapshot_preview1: { proc_exit: stop },
  });
  const { exports } = instance;
  memory = exports.memory as WebAssembly.Memory;
  const heap = memory;
  (exports.__wasm_call_ctors as Call)();
  const calls = Object.fromEntries(NAMES.map((name) => [name, exports[name]])) as HarfBuzzCalls;
  return {
    calls,
    drawFunctions: createDrawFunctions(calls, exports.__indirect_function_table as WebAssembly.Table, sink),
    view: () => new DataView(heap.buffer),
    copyIn(bytes) {
      const address = calls.malloc(Math.max(1, bytes.length));
      if (address === 0) throw new FocalError('too-large', 'The font does not fit into the memory set aside for it.');
      new Uint8Array(heap.buffer).set(bytes, address);
      return address;
    },
  };
}

/** Draw functions take: themselves, the caller's data, the state, coordinates, and data of the function. */
function createDrawFunctions(calls: HarfBuzzCalls, table: WebAssembly.Table, sink: PathSink): number {
  const functions = calls.hb_draw_funcs_create();
  const callbacks: readonly [setter: Call, coordinates: number, callback: (...values: number[]) => void][] = [
    [calls.hb_draw_funcs_set_move_to_func, 2, (_f, _d, _s, x = 0, y = 0) => sink.move(x, y)],
    [calls.hb_draw_funcs_set_line_to_func, 2, (_f, _d, _s, x = 0, y = 0) => sink.line(x, y)],
    [
      calls.hb_draw_funcs_set_quadratic_to_func,
      4,
      (_f, _d, _s, x1 = 0, y1 = 0, x = 0, y = 0) => sink.quad(x1, y1, x, y),
    ],
    [
      calls.hb_draw_funcs_set_cubic_to_func,
      6,
      (_f, _d, _s, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x = 0, y = 0) => sink.cubic(x1, y1, x2, y2, x, y),
    ],
    [calls.hb_draw_funcs_set_close_path_func, 0, () => sink.close()],
  ];
  const signatures = callbacks.map(([, coordinates]) => `iii${'f'.repeat(coordinates)}i`);
  const letters = callbacks.map((_, index) => String.fromCharCode('a'.charCodeAt(0) + index));
  const wrapped = new WebAssembly.Instance(new WebAssembly.Module(encodeCallbacks(signatures)), {
    [CALLBACK_MODULE]: Object.fromEntries(callbacks.map(([, , callback], i) => [letters[i] as string, callback])),
  }).exports;
  const first = table.grow(callbacks.length);
  for (const [index, [setter]] of callbacks.entries()) {
    table.set(first + index, wrapped[letters[index] as string]);
    setter(functions, first + index, 0, 0);
  }
  return functions;
}
