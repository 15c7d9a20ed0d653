/** Advance of every glyph of a written font, in its 1000 units to the em, unless told otherwise. */
const ADVANCE = 600;
const TRUETYPE = 0x00010000;

/**
 * The bytes of a TrueType font whose characters are all boxes: from 50 units right of the origin to 50 before the
 * advance, 700 high. Nothing is kerned or joined, so that tests can count. The glyph of a missing character is first.
 * Advances may be given by character.
 */
export function writeBoxFont(characters: string, advances: Readonly<Record<string, number>> = {}): Uint8Array {
  const letters = [...new Set(Array.from(characters))].sort((a, b) => codeOf(a) - codeOf(b));
  const widths = [ADVANCE, ...letters.map((it) => advances[it] ?? ADVANCE)];
  const glyphs = widths.map((advance) => boxGlyph(advance));
  const offsets = glyphs.map((_, i) => glyphs.slice(0, i).reduce((sum, it) => sum + it.length, 0));
  const tables: Readonly<Record<string, Uint8Array>> = {
    cmap: characterMap(letters),
    glyf: concat(glyphs),
    head: pack(
      [4, 0x10000],
      [4, 0x10000],
      [4, 0],
      [4, 0x5f0f3cf5],
      [2, 3],
      [2, 1000],
      [4, 0],
      [4, 0],
      [4, 0],
      [4, 0],
      [2, 0],
      [2, 0],
      [2, 1000],
      [2, 700],
      [2, 0],
      [2, 8],
      [2, 2],
      [2, 1],
      [2, 0],
    ),
    hhea: pack(
      [4, 0x10000],
      [2, 800],
      [2, -200],
      [2, 0],
      [2, 1000],
      ...Array.from({ length: 10 }, () => [2, 0] as const),
      [2, 0],
      [2, widths.length],
    ),
    hmtx: pack(
      ...widths.flatMap(
        (advance) =>
          [
            [2, advance],
            [2, 50],
          ] as const,
      ),
    ),
    loca: pack(
      ...[...offsets, (offsets.at(-1) as number) + (glyphs.at(-1)?.length ?? 0)].map((it) => [4, it] as const),
    ),
    maxp: pack([4, 0x10000], [2, widths.length], [2, 4], [2, 1], ...Array.from({ length: 11 }, () => [2, 0] as const)),
  };
  return writeTables(tables);
}

/** A number and how many bytes it takes. */
type Field = readonly [bytes: number, value: number];

function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}

function boxGlyph(advance: number): Uint8Array {
  const [left, right, top] = [50, advance - 50, 700];
  // One contour of four points on the curve, each step as 16-bit differences: up, right, down.
  return pack(
    [2, 1],
    [2, left],
    [2, 0],
    [2, right],
    [2, top],
    [2, 3],
    [2, 0],
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
    [2, left],
    [2, 0],
    [2, right - left],
    [2, 0],
    [2, 0],
    [2, top],
    [2, 0],
    [2, -top],
    [2, 0],
  );
}

/** A map of format 12 with a group for each character. */
function characterMap(letters: readonly string[]): Uint8Array {
  const groups = letters.flatMap((it, i): Field[] => [
    [4, codeOf(it)],
    [4, codeOf(it)],
    [4, i + 1],
  ]);
  return pack(
    [2, 0],
    [2, 1],
    [2, 3],
    [2, 10],
    [4, 12],
    [2, 12],
    [2, 0],
    [4, 16 + 12 * letters.length],
    [4, 0],
    [4, letters.length],
    ...groups,
  );
}

function writeTables(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(tables);
  let offset = 12 + 16 * entries.length;
  const records: Uint8Array[] = [];
  const bodies: Uint8Array[] = [];
  for (const [tag, body] of entries) {
    records.push(
      Uint8Array.from(tag, (it) => it.charCodeAt(0)),
      pack([4, 0], [4, offset], [4, body.length]),
    );
    const padded = new Uint8Array(Math.ceil(body.length / 4) * 4);
    padded.set(body);
    bodies.push(padded);
    offset += padded.length;
  }
  return concat([pack([4, TRUETYPE], [2, entries.length], [2, 64], [2, 2], [2, 48]), ...records, ...bodies]);
}

/** Big-endian numbers, one after the other. */
function pack(...fields: readonly Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 1) view.setUint8(at, value);
    else if (bytes === 2) view.setInt16(at, value);
    else view.setInt32(at, value);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, it) => sum + it.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
