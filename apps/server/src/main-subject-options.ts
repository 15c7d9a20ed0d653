import { type Aspect, FocalError, parseAspect } from '@focal/core';
import { type MatteForm, toBoolean, toMatteForm } from './analyze-options.ts';
import { type EncodeChoice, parseEncoding } from './edit-options.ts';
import { prefersJson } from './negotiate.ts';
import { createOptionReader, type OptionReader } from './option-reader.ts';

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
    const heat = toBoolean('heat', values.get('heat'));
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

export interface CropChoice extends EncodeChoice {
  readonly aspect: Aspect;
}

/** Reads the options of `crop`. @param accept the Accept header, which says the format where no `format` does */
export function createCropReader(accept: string | undefined): OptionReader<CropChoice> {
  return createOptionReader('crop', ['aspect', 'format', 'quality'], (values, assetNames) => {
    const text = values.get('aspect');
    // Before the body is read it may still come as a field of the form.
    if (text === undefined && assetNames !== undefined) {
      throw new FocalError('invalid-argument', 'Expected an aspect ratio such as 16:9 for aspect, got none.', {
        hint: 'Add it to the address: /v1/crop?aspect=16:9',
      });
    }
    return { aspect: parseAspect(text ?? '1:1'), ...parseEncoding(values, accept) };
  });
}
