import { FocalError, type Matte, type Picture } from '@focal/core';
import type { Focal } from 'focal';
import { Hono } from 'hono';
import { fromAnyBase64, receiveJson } from '../uploads/json.ts';
import type { PictureRoutesOptions } from './picture-work.ts';
import { takeTurn } from './take-turn.ts';

/** Base64 takes four bytes for three. */
const BASE64_GROWTH = 4 / 3;
/** All of it is held in memory, unlike pictures that come as files. */
const MAX_JSON_BYTES = 40 * 2 ** 20;

/**
 * `POST /` as clients of the Focal saliency service call it: JSON `{ "img": base64 }` in, what the photo shows, how
 * sure that is, and three JPEGs in base64 out.
 */
export function subjectRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/', async (context) => {
    const { focal, limits } = options;
    const maxBytes = Math.min(MAX_JSON_BYTES, Math.ceil(limits.maxUploadBytes * BASE64_GROWTH) + 1024);
    const answer = await takeTurn(context, options, async (turn) => {
      const body = await turn.receive((signal) => receiveJson(context.req.raw, { maxBytes, signal }));
      const img = typeof body === 'object' && body !== null && 'img' in body ? body.img : undefined;
      const photo = fromAnyBase64('img', img);
      return turn.work((signal) =>
        describeSubject(focal, photo, signal).catch((error) => {
          throw toClientError(error);
        }),
      );
    });
    return context.json(answer, 200, { 'cache-control': 'no-store' });
  });
  return app;
}

/** The members that those clients read. */
interface SubjectAnswer {
  /** What the photo shows. Empty where nothing was recognised. */
  readonly class: string;
  /** How sure that is, 0..100. */
  readonly probability: number;
  /** The photo with all but its subject out of focus. */
  readonly blurredImage: string;
  /** The subject's matte in the photo's size. */
  readonly maskImage: string;
  /** The evidence for the class, in the photo's size. */
  readonly unblurredMask: string;
}

async function describeSubject(focal: Focal, photo: Uint8Array, signal: AbortSignal): Promise<SubjectAnswer> {
  const { scene, picture } = await focal.analyseFile(photo, ['saliency'], { withPicture: true, signal });
  const { saliency } = scene;
  if (saliency === undefined || picture === undefined) throw new FocalError('internal', 'There is no saliency.');
  const blurred = await focal.render(picture, scene, 'bokeh', {}, { signal });
  const mask = await focal.refineMatte(picture, scene, { signal });
  const evidence = await focal.drawSaliency(scene, { signal });
  const [top] = saliency.classes;
  return {
    class: top?.label ?? '',
    probability: Math.round((top?.score ?? 0) * 10_000) / 100,
    blurredImage: await toBase64Jpeg(focal, blurred, signal),
    maskImage: await toBase64Jpeg(focal, mask, signal),
    unblurredMask: await toBase64Jpeg(focal, evidence, signal),
  };
}

async function toBase64Jpeg(focal: Focal, image: Picture | Matte, signal: AbortSignal): Promise<string> {
  return Buffer.from(await focal.encode(image, { format: 'jpeg', signal })).toString('base64');
}

/** A picture that cannot be read is the client's own mistake here, whatever it is otherwise. */
function toClientError(error: unknown): unknown {
  if (!(error instanceof FocalError) || !['unsupported-format', 'corrupt-input'].includes(error.code)) return error;
  return new FocalError('invalid-argument', error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}
