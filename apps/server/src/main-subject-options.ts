import { type Aspect, FocalError, type Point, parseAspect } from '@focal/core';
import { type MatteForm, toMatteForm } from './analyze-options.ts';
import { type EncodeChoice, type PictureEncodeChoice, parseEncoding, parsePictureEncoding } from './edit-options.ts';
import { prefersJson, wantsJson } from './negotiate.ts';
import { createOptionReader, type OptionReader } from './option-reader.ts';
import { toChoice, toSwitch } from './option-values.ts';

export interface SaliencyChoice {
  /** Undefined where the answer is JSON. */
  readonly picture?: EncodeChoice;
  /** How the evidence is written into the JSON. */
  readonly map: MatteForm;
  /** The photo under the evidence as heat; always as a picture. */
  readonly heat: boolean;
}

/** Reads the options of `saliency`. @param accept the Accept header, which decides where no `format` does */
export function createSaliencyReader(accept: string | undefined): OptionReader<SaliencyChoice> {
  return createOptionReader('saliency', ['format', 'quality', 'map', 'heat'], (values) => {
    const map = toMatteForm('map', values.get('map'));
    const heat = toSwitch('heat', values.get('heat')) ?? false;
    const format = values.get('format');
    if (format === 'json' && heat) {
      throw new FocalError('invalid-argument', 'Heat is a picture, and JSON was asked for.', {
        hint: 'Leave one of heat and format=json out.',
      });
    }
    if (format === 'json' || (format === undefined && !heat && prefersJson(accept))) return { map, heat };
    return { map, heat, picture: parseEncoding(values, accept) };
  });
}

export interface CropChoice extends PictureEncodeChoice {
  readonly aspect: Aspect;
}

/** Reads the options of `crop`. @param accept the Accept header, which says the format where no `format` does */
export function createCropReader(accept: string | undefined): OptionReader<CropChoice> {
  return createOptionReader('crop', ['aspect', 'format', 'quality', 'metadata'], (values, assetNames) => {
    const text = values.get('aspect');
    // Before the body is read it may still come as a field of the form.
    if (text === undefined && assetNames !== undefined) {
      throw new FocalError('invalid-argument', 'Expected an aspect ratio such as 16:9 for aspect, got none.', {
        hint: 'Add it to the address: /v1/crop?aspect=16:9',
      });
    }
    return { aspect: parseAspect(text ?? '1:1'), ...parsePictureEncoding(values, accept) };
  });
}

export const PICK_OUTPUTS = ['picture', 'matte'] as const;

export interface PickChoice {
  readonly point: Point;
  /** Undefined where the answer is JSON. */
  readonly picture?: PictureEncodeChoice;
  /** The cut-out, or the matte in full size. */
  readonly output: (typeof PICK_OUTPUTS)[number];
  /** How the alpha is written into the JSON. */
  readonly mattes: MatteForm;
}

/** Reads the options of `pick`. @param accept the Accept header, which decides where no `format` does */
export function createPickReader(accept: string | undefined): OptionReader<PickChoice> {
  return createOptionReader(
    'pick',
    ['x', 'y', 'format', 'quality', 'metadata', 'output', 'mattes'],
    (values, assetNames) => {
      // Before the body is read they may still come as fields of the form.
      const isWhole = assetNames !== undefined;
      const point = { x: toFraction('x', values.get('x'), isWhole), y: toFraction('y', values.get('y'), isWhole) };
      const output = toChoice('output', PICK_OUTPUTS, values.get('output')) ?? 'picture';
      const choice = { point, output, mattes: toMatteForm('mattes', values.get('mattes')) };
      const format = values.get('format');
      if (format === 'json' || (format === undefined && wantsJson(accept))) return choice;
      return { ...choice, picture: parsePictureEncoding(values, accept) };
    },
  );
}

function toFraction(name: string, text: string | undefined, isWhole: boolean): number {
  if (text === undefined && !isWhole) return 0;
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  const got = text === undefined ? 'none' : JSON.stringify(text.slice(0, 60));
  throw new FocalError('invalid-argument', `Expected a fraction from 0 to 1 for ${name}, got ${got}.`, {
    hint: 'Add the point to the address, from the left and the top: /v1/pick?x=0.4&y=0.6',
  });
}
