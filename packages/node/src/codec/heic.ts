import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createPicture, FocalError, type Picture } from '@focal/core';
import { readHeifColour } from './heif-colour.ts';
import { isDisplayP3 } from './icc.ts';

/** A decoded HEIC. */
export interface HeicPicture {
  /** The numbers as stored; `colorSpace` is right unless there is an `icc` to apply. */
  readonly picture: Picture;
  /** A profile that is neither Display P3 nor absent: the numbers are in its space. */
  readonly icc?: Uint8Array;
  readonly hasAlpha: boolean;
}

/**
 * Decodes the primary image of a HEIC file by libheif in WebAssembly. Rotation and mirroring that the file asks for are
 * applied by libheif, and EXIF orientation, which repeats them, is left alone. Some 0.15 s a million pixels.
 * Throws `corrupt-input`, and `too-large` before decoding.
 */
export function decodeHeic(bytes: Uint8Array, checkSize: (width: number, height: number) => void): HeicPicture {
  const heif = loadLibheif();
  const context = heif.heif_context_alloc();
  try {
    assertOk(heif, heif.heif_context_read_from_memory(context, bytes));
    const handle = heif.heif_js_context_get_primary_image_handle(context);
    assertOk(heif, handle);
    try {
      checkSize(heif.heif_image_handle_get_width(handle), heif.heif_image_handle_get_height(handle));
      const colour = readHeifColour(bytes);
      const isP3 = colour.icc === undefined ? colour.primaries === P3_PRIMARIES : isDisplayP3(colour.icc);
      const picture = readPixels(heif, handle, isP3 ? 'display-p3' : 'srgb');
      const hasAlpha = heif.heif_image_handle_has_alpha_channel(handle) !== 0;
      if (hasAlpha && heif.heif_image_handle_is_premultiplied_alpha(handle) !== 0) unpremultiply(picture);
      return isP3 || colour.icc === undefined ? { picture, hasAlpha } : { picture, hasAlpha, icc: colour.icc };
    } finally {
      heif.heif_image_handle_release(handle);
    }
  } finally {
    heif.heif_context_free(context);
  }
}

/** Upright width and height of the primary image, without decoding it. Throws `corrupt-input`. */
export function readHeicSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const heif = loadLibheif();
  const context = heif.heif_context_alloc();
  try {
    assertOk(heif, heif.heif_context_read_from_memory(context, bytes));
    const handle = heif.heif_js_context_get_primary_image_handle(context);
    assertOk(heif, handle);
    const size = { width: heif.heif_image_handle_get_width(handle), height: heif.heif_image_handle_get_height(handle) };
    heif.heif_image_handle_release(handle);
    return size;
  } finally {
    heif.heif_context_free(context);
  }
}

/** SMPTE EG 432-1 with the D65 white point, by ITU-T H.273. */
const P3_PRIMARIES = 12;

function readPixels(heif: Libheif, handle: object, colorSpace: Picture['colorSpace']): Picture {
  const decoded = heif.heif_js_decode_image2(
    handle,
    heif.heif_colorspace.heif_colorspace_RGB,
    heif.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  assertOk(heif, decoded);
  const [plane] = decoded.channels ?? [];
  if (plane === undefined) throw corrupt('no image was found in it');
  try {
    const { width, height, stride, data } = plane;
    const picture = createPicture(width, height, {
      colorSpace,
      allocate: (byteLength) => new SharedArrayBuffer(byteLength),
    });
    for (let y = 0; y < height; y++) {
      picture.data.set(data.subarray(y * stride, y * stride + width * 4), y * width * 4);
    }
    return picture;
  } finally {
    if (decoded.image !== undefined) heif.heif_image_release(decoded.image);
  }
}

function unpremultiply({ data }: Picture): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] as number;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < 3; c++) {
      data[i + c] = Math.min(255, Math.round(((data[i + c] as number) * 255) / alpha));
    }
  }
}

function assertOk(heif: Libheif, result: HeifResult): void {
  if (result.code === undefined || result.code === heif.heif_error_code.heif_error_Ok) return;
  throw corrupt(result.message ?? 'libheif gave no reason');
}

function corrupt(why: string): FocalError {
  return new FocalError('corrupt-input', `The HEIC picture is broken or cut short: ${why}.`, {
    hint: 'Open it in another program, or copy the file again from where it came from.',
  });
}

/** The module anew for each picture: its memory grows and never shrinks, so none is kept. Takes some 20 ms. */
function loadLibheif(): Libheif {
  const require = createRequire(import.meta.url);
  const script = require.resolve('libheif-js/libheif-wasm/libheif.js');
  const factory: unknown = require(script);
  if (typeof factory !== 'function') throw new FocalError('internal', 'libheif-js has not the shape that Focal knows.');
  return factory({ wasmBinary: readFileSync(join(dirname(script), 'libheif.wasm')) }) as Libheif;
}

interface HeifResult {
  readonly code?: unknown;
  readonly message?: string;
}

interface HeifDecoded extends HeifResult {
  readonly channels?: readonly {
    readonly width: number;
    readonly height: number;
    readonly stride: number;
    readonly data: Uint8Array;
  }[];
  readonly image?: object;
}

/** The part of libheif's wasm module that is used here, after its own declarations. */
interface Libheif {
  readonly heif_error_code: { readonly heif_error_Ok: unknown };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
  heif_context_alloc(): object;
  heif_context_free(context: object): void;
  heif_context_read_from_memory(context: object, bytes: Uint8Array): HeifResult;
  heif_js_context_get_primary_image_handle(context: object): HeifResult;
  heif_image_handle_get_width(handle: object): number;
  heif_image_handle_get_height(handle: object): number;
  heif_image_handle_has_alpha_channel(handle: object): number;
  heif_image_handle_is_premultiplied_alpha(handle: object): number;
  heif_image_handle_release(handle: object): void;
  heif_js_decode_image2(handle: object, colorspace: unknown, chroma: unknown): HeifDecoded;
  heif_image_release(image: object): void;
}
