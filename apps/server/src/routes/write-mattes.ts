import { type Matte, type MatteJson, toMatteSize, toPackedMatte } from '@focal/core';
import type { Focal } from 'focal';
import type { MatteForm } from '../analyze-options.ts';

/** How these mattes are written into JSON, in the form that was asked for: pictures are encoded now. */
export async function writeMattes(
  focal: Focal,
  mattes: readonly Matte[],
  form: MatteForm,
  signal: AbortSignal,
): Promise<(matte: Matte) => MatteJson> {
  if (form === 'none') return toMatteSize;
  if (form === 'packbits') return toPackedMatte;
  const pictures = new Map<Matte, string>();
  for (const matte of mattes) {
    const png = await focal.encode(matte, { format: 'png', signal });
    pictures.set(matte, Buffer.from(png).toString('base64'));
  }
  return (matte) => ({ ...toMatteSize(matte), png: pictures.get(matte) ?? '' });
}
