import { createOutlineWriter, FocalError, type Outline, VERB } from '@focal/core';
import { type HarfBuzz, type PathSink, startHarfBuzz } from './harfbuzz/harfbuzz.ts';

/** Largest font file, in bytes: the largest single fonts, of all Chinese characters, take some 30 MB. */
export const MAX_FONT_BYTES = 64 * 2 ** 20;
/** Largest outline of a single glyph, in coordinates: a font that draws more is up to no good. */
const MAX_GLYPH_COORDINATES = 200_000;

const SIGNATURES: Readonly<Record<string, string>> = {
  '\x00\x01\x00\x00': 'TrueType',
  OTTO: 'OpenType',
  true: 'TrueType',
  ttcf: 'a collection',
};
const COMPRESSED: Readonly<Record<string, string>> = { wOFF: 'WOFF', wOF2: 'WOFF2' };
const OUTLINE_TABLES = ['glyf', 'CFF ', 'CFF2'];

/** A part of a text that one shaping takes: one direction, one script. */
export interface Run {
  /** The paragraph and where the part lies in it, in UTF-16 units: its neighbours shape its ends (Arabic joins). */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly isRightToLeft: boolean;
  /** ISO 15924 tag such as `Latn`; else HarfBuzz goes by the characters. */
  readonly script?: string;
}

/** A glyph of a shaped run, in units of the font, y up. */
export interface ShapedGlyph {
  /** Number of the glyph in the font, 0 for a character that the font lacks. */
  readonly id: number;
  /** Where in the text the characters begin that it stands for. */
  readonly cluster: number;
  readonly advance: number;
  readonly x: number;
  readonly y: number;
}

/** An opened font. */
export interface Font {
  readonly name: string;
  readonly unitsPerEm: number;
  /** From the baseline up, and (negative) down, in units of the font. */
  readonly ascender: number;
  readonly descender: number;
  /** Whether the font has a glyph of its own for this code point. */
  has(codePoint: number): boolean;
  /** Glyphs from left to right. Throws `corrupt-input` for a font that turns out broken. */
  shape(run: Run): readonly ShapedGlyph[];
  /** In units of the font, y up. Throws `corrupt-input` for a font that turns out broken. */
  outline(id: number): Outline;
}

/**
 * Opens a font file: TrueType or OpenType, the first font of a collection. Its bytes are copied. The file may come
 * from anyone: HarfBuzz checks tables before it reads them, and runs in a memory of its own.
 * Throws `too-large`, `unsupported-format` for what is no font with outlines, `corrupt-input` for a broken one.
 */
export function openFont(program: WebAssembly.Module, name: string, bytes: Uint8Array): Font {
  assertFontFile(name, bytes);
  const drawing = createDrawing();
  return guarded(name, () => {
    const harfbuzz = startHarfBuzz(program, drawing.sink);
    const { calls } = harfbuzz;
    const blob = calls.hb_blob_create(harfbuzz.copyIn(bytes), bytes.length, WRITABLE, 0, 0);
    const face = calls.hb_face_create(blob, 0);
    assertUsable(name, harfbuzz, face);
    const font = calls.hb_font_create(face);
    const buffer = calls.hb_buffer_create();
    const outlines = new Map<number, Outline>();
    const found = calls.malloc(4);
    return {
      name,
      unitsPerEm: calls.hb_face_get_upem(face),
      ...readExtents(harfbuzz, font, calls.hb_face_get_upem(face)),
      has: (codePoint) => guarded(name, () => calls.hb_font_get_nominal_glyph(font, codePoint, found) !== 0),
      shape: (run) => guarded(name, () => shapeRun(harfbuzz, font, buffer, run)),
      outline(id) {
        const known = outlines.get(id);
        if (known !== undefined) return known;
        const outline = guarded(name, () => {
          drawing.begin();
          calls.hb_font_draw_glyph(font, id, harfbuzz.drawFunctions, 0);
          return drawing.finish();
        });
        outlines.set(id, outline);
        return outline;
      },
    };
  });
}

const WRITABLE = 2;

function assertFontFile(name: string, bytes: Uint8Array): void {
  if (bytes.length > MAX_FONT_BYTES) {
    const [size, most] = [bytes.length, MAX_FONT_BYTES].map((it) => Math.ceil(it / 2 ** 20));
    throw new FocalError('too-large', `Expected a font of at most ${most} MB for ${name}, got ${size} MB.`);
  }
  const signature = String.fromCharCode(...bytes.subarray(0, 4));
  if (signature in SIGNATURES) return;
  const packed = COMPRESSED[signature];
  throw new FocalError(
    'unsupported-format',
    `Expected a TrueType or OpenType font (TTF, OTF) for ${name}, got ${packed ?? 'something else'}.`,
    { hint: packed === undefined ? 'Name a .ttf or .otf file.' : `Convert the ${packed} file to TTF or OTF.` },
  );
}

function assertUsable(name: string, { calls }: HarfBuzz, face: number): void {
  const hasTable = (tag: string): boolean =>
    calls.hb_blob_get_length(calls.hb_face_reference_table(face, toTag(tag))) > 0;
  if (!['head', 'cmap', 'maxp'].every(hasTable)) throw brokenFont(name);
  if (!OUTLINE_TABLES.some(hasTable)) {
    throw new FocalError('unsupported-format', `${name} is a font of bitmaps: it has no outlines.`, {
      hint: 'Name a font with outlines.',
    });
  }
  const characters = calls.hb_set_create();
  calls.hb_face_collect_unicodes(face, characters);
  if (calls.hb_set_get_population(characters) === 0) throw brokenFont(name);
}

/** Lines as high as the font says, or as most fonts do where it says nothing. */
function readExtents(harfbuzz: HarfBuzz, font: number, unitsPerEm: number): { ascender: number; descender: number } {
  const address = harfbuzz.calls.malloc(48);
  if (harfbuzz.calls.hb_font_get_h_extents(font, address) === 0) {
    return { ascender: 0.8 * unitsPerEm, descender: -0.2 * unitsPerEm };
  }
  const view = harfbuzz.view();
  return { ascender: view.getInt32(address, true), descender: view.getInt32(address + 4, true) };
}

const [LEFT_TO_RIGHT, RIGHT_TO_LEFT] = [4, 5];
/** UTF-16 units on each side of a run that HarfBuzz may look at: it looks at five characters. */
const CONTEXT = 16;
/** Bytes of a glyph's info (number, mask, cluster, …) and of its position (advance x, y, offset x, y, …). */
const RECORD_BYTES = 20;

function shapeRun(harfbuzz: HarfBuzz, font: number, buffer: number, run: Run): readonly ShapedGlyph[] {
  const { calls } = harfbuzz;
  const { text, from, to, isRightToLeft, script } = run;
  const start = Math.max(0, from - CONTEXT);
  const length = Math.min(text.length, to + CONTEXT) - start;
  const units = Uint16Array.from({ length }, (_, i) => text.charCodeAt(start + i));
  const address = harfbuzz.copyIn(new Uint8Array(units.buffer));
  calls.hb_buffer_clear_contents(buffer);
  calls.hb_buffer_add_utf16(buffer, address, length, from - start, to - from);
  calls.free(address);
  calls.hb_buffer_set_direction(buffer, isRightToLeft ? RIGHT_TO_LEFT : LEFT_TO_RIGHT);
  if (script !== undefined) calls.hb_buffer_set_script(buffer, toTag(script));
  calls.hb_buffer_guess_segment_properties(buffer);
  calls.hb_shape(font, buffer, 0, 0);
  const count = calls.hb_buffer_get_length(buffer);
  const infos = calls.hb_buffer_get_glyph_infos(buffer, 0);
  const positions = calls.hb_buffer_get_glyph_positions(buffer, 0);
  const view = harfbuzz.view();
  return Array.from({ length: count }, (_, i) => {
    const [info, position] = [infos + i * RECORD_BYTES, positions + i * RECORD_BYTES];
    return {
      id: view.getUint32(info, true),
      cluster: start + view.getUint32(info + 8, true),
      advance: view.getInt32(position, true),
      x: view.getInt32(position + 8, true),
      y: view.getInt32(position + 12, true),
    };
  });
}

function toTag(tag: string): number {
  let value = 0;
  for (let i = 0; i < tag.length; i++) value = (value << 8) | tag.charCodeAt(i);
  return value;
}

/** Gathers what is drawn between `begin` and `finish`. */
function createDrawing(): { readonly sink: PathSink; begin(): void; finish(): Outline } {
  let writer = createOutlineWriter();
  const add = (verb: number, ...coordinates: readonly number[]): void => {
    if (writer.length > MAX_GLYPH_COORDINATES || !coordinates.every(Number.isFinite)) throw new RangeError('outline');
    writer.add(verb, ...coordinates);
  };
  return {
    sink: {
      move: (x, y) => add(VERB.move, x, y),
      line: (x, y) => add(VERB.line, x, y),
      quad: (x1, y1, x, y) => add(VERB.quad, x1, y1, x, y),
      cubic: (x1, y1, x2, y2, x, y) => add(VERB.cubic, x1, y1, x2, y2, x, y),
      close: () => add(VERB.close),
    },
    begin: () => {
      writer = createOutlineWriter();
    },
    finish: () => writer.finish(),
  };
}

function brokenFont(name: string, cause?: unknown): FocalError {
  return new FocalError('corrupt-input', `The font ${name} is broken: it could not be read.`, {
    hint: 'Name another font file.',
    cause,
  });
}

/** Runs what may stop on a broken font, and says that it is broken when it does. */
function guarded<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FocalError && error.code !== 'internal') throw error;
    throw brokenFont(name, error);
  }
}
