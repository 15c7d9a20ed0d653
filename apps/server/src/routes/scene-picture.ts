import { type Matte, type Picture, type Scene, sceneProvenance } from '@focal/core';
import type { Focal, OutputFormat } from 'focal';
import { toHeaderText } from '../headers.ts';
import { mediaTypeOf } from '../negotiate.ts';
import { toServerTiming } from './picture-work.ts';

export interface ScenePicture {
  readonly encoding: NonNullable<Parameters<Focal['encode']>[1]> & { readonly format: OutputFormat };
  /** What the picture was made from: its models are told. */
  readonly scene: Scene;
  readonly timings: Readonly<Record<string, number>>;
  readonly signal: AbortSignal;
  /** Further ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A picture that was made from a scene, encoded, with the headers of every edited picture. */
export async function toPictureResponse(
  focal: Focal,
  image: Picture | Matte,
  { encoding, scene, timings, signal, headers = {} }: ScenePicture,
): Promise<Response> {
  const started = performance.now();
  const bytes = await focal.encode(image, { ...encoding, signal });
  const encode = performance.now() - started;
  const { models, notice } = sceneProvenance(scene);
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'content-type': mediaTypeOf(encoding.format),
      'content-length': String(bytes.length),
      'cache-control': 'no-store',
      'focal-size': `${image.width}x${image.height}`,
      'focal-models': models.join(', '),
      'server-timing': toServerTiming({ ...timings, encode }),
      ...(notice === undefined ? {} : { 'focal-notice': toHeaderText(notice) }),
      ...headers,
    },
  });
}
