import type { OutputFormat } from 'focal';
import { Hono } from 'hono';
import { createPictureEncodeReader, type PictureEncodeChoice } from '../edit-options.ts';
import { mediaTypeOf } from '../negotiate.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions, toServerTiming } from './picture-work.ts';

/** Any picture that Focal reads, such as HEIC, in a format that browsers show: upright and in sRGB. */
export function decodeRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/decode', (context) => {
    const reader = createPictureEncodeReader('decode', context.req.header('accept'));
    return answerPicture(context, options, reader, [], (request) => decode(request, options));
  });
  onlyPost(app, 'decode', '/v1/decode');
  return app;
}

async function decode(
  { image, options, signal }: PictureRequest<PictureEncodeChoice>,
  { focal }: PictureRoutesOptions,
): Promise<Response> {
  const started = performance.now();
  const { picture, hasAlpha } = await focal.decode(image, { signal, colorSpace: 'srgb' });
  const read = performance.now();
  const format: OutputFormat = options.format ?? (hasAlpha ? 'png' : 'jpeg');
  const bytes = await focal.encode(picture, { ...options, format, signal, of: image });
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'content-type': mediaTypeOf(format),
      'content-length': String(bytes.length),
      'cache-control': 'no-store',
      'focal-size': `${picture.width}x${picture.height}`,
      'server-timing': toServerTiming({ read: read - started, encode: performance.now() - read }),
    },
  });
}
