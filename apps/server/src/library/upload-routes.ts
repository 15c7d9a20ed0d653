import { type ErrorCode, FocalError } from '@focal/core';
import { ChecksumError, type NewUpload, UPLOAD_HASHES, type Upload, type UploadHash } from '@focal/library';
import { type Context, Hono } from 'hono';
import { toProblem, toProblemResponse } from '../problems.ts';
import type { LibraryDoor } from './door.ts';

const VERSION = '1.0.0';
const EXTENSIONS = 'creation,creation-with-upload,checksum,termination,expiration';
const PART_TYPE = 'application/offset+octet-stream';

/**
 * `/v1/library/uploads`: files sent in parts, by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload), which
 * has clients for most languages. What is no tus is JSON as elsewhere.
 */
export function uploadRoutes(door: LibraryDoor): Hono {
  const app = new Hono();
  app.use('/v1/library/uploads/*', answerAsTus);
  app.options('/v1/library/uploads', async (context) => {
    const { uploads } = await door.open();
    return context.body(null, 204, {
      'tus-version': VERSION,
      'tus-extension': EXTENSIONS,
      'tus-max-size': String(uploads.mostBytes),
      'tus-checksum-algorithm': UPLOAD_HASHES.join(','),
    });
  });
  app.get('/v1/library/uploads', async (context) => {
    const { uploads } = await door.open();
    return context.json({ uploads: await uploads.list() });
  });
  app.post('/v1/library/uploads', async (context) => {
    if (!speaksTus(context)) return wrongVersion();
    const { uploads } = await door.open();
    const made = await uploads.create(readNew(context));
    const location = `/v1/library/uploads/${made.id}`;
    const isPart = context.req.header('content-type') === PART_TYPE;
    const upload = isPart ? await append(context, made.id, 0) : made;
    if (upload instanceof Response) return upload;
    return context.body(null, 201, { location, ...toHeaders(upload) });
  });
  // Hono answers HEAD with the headers of GET.
  app.get('/v1/library/uploads/:upload', async (context) => {
    const { uploads } = await door.open();
    const upload = await uploads.get(context.req.param('upload'));
    return context.json(upload, 200, toHeaders(upload));
  });
  app.patch('/v1/library/uploads/:upload', async (context) => {
    if (!speaksTus(context)) return wrongVersion();
    const type = context.req.header('content-type');
    if (type !== PART_TYPE) {
      throw new FocalError('unsupported-format', `Expected ${PART_TYPE} as content type, got ${type ?? 'none'}.`);
    }
    const upload = await append(context, context.req.param('upload'), readWhole(context, 'upload-offset'));
    return upload instanceof Response ? upload : context.body(null, 204, toHeaders(upload));
  });
  app.delete('/v1/library/uploads/:upload', async (context) => {
    const { uploads } = await door.open();
    await uploads.remove(context.req.param('upload'));
    return context.body(null, 204);
  });

  async function append(context: Context, id: string, offset: number): Promise<Upload | Response> {
    const { uploads } = await door.open();
    const { signal, body } = context.req.raw;
    const checksum = readChecksum(context);
    try {
      return await uploads.append(id, offset, partsOf(body), { signal, ...(checksum !== undefined && { checksum }) });
    } catch (error) {
      if (!(error instanceof ChecksumError)) throw error;
      // The status that the protocol has for this.
      return new Response(JSON.stringify({ ...toProblem(error), status: 460, title: 'Checksum Mismatch' }), {
        status: 460,
        headers: { 'content-type': 'application/problem+json' },
      });
    }
  }
  return app;
}

/** Of every answer, also those that tell what is wrong. */
async function answerAsTus(context: Context, next: () => Promise<void>): Promise<void> {
  await next();
  context.header('tus-resumable', VERSION);
  context.header('cache-control', 'no-store');
}

function speaksTus(context: Context): boolean {
  return context.req.header('tus-resumable') === VERSION;
}

function wrongVersion(): Response {
  const code: ErrorCode = 'invalid-argument';
  const answer = toProblemResponse(
    new FocalError(code, `Expected the header Tus-Resumable: ${VERSION}.`, {
      hint: 'Uploads are described at /docs, and by the tus protocol.',
    }),
  );
  answer.headers.set('tus-version', VERSION);
  return new Response(answer.body, { status: 412, headers: answer.headers });
}

function toHeaders(upload: Upload): Record<string, string> {
  return {
    'upload-offset': String(upload.offset),
    'upload-length': String(upload.bytes),
    'upload-expires': new Date(upload.expiresAt).toUTCString(),
  };
}

function readNew(context: Context): NewUpload {
  const metadata = readMetadata(context.req.header('upload-metadata') ?? '');
  const modified = metadata.get('modified');
  return {
    name: metadata.get('filename') ?? metadata.get('name') ?? 'upload',
    bytes: readWhole(context, 'upload-length'),
    sha256: metadata.get('sha256')?.toLowerCase(),
    modifiedMs: modified === undefined || modified === '' ? undefined : Number(modified),
  };
}

function readWhole(context: Context, name: string): number {
  const text = context.req.header(name) ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new FocalError(
    'invalid-argument',
    `Expected a whole number as ${name}, got ${JSON.stringify(text.slice(0, 40))}.`,
  );
}

/** `name base64,name base64`. */
function readMetadata(header: string): ReadonlyMap<string, string> {
  const pairs = header.split(',').flatMap((pair) => {
    const [name, value = ''] = pair.trim().split(' ');
    if (name === undefined || name === '') return [];
    return [[name, Buffer.from(value, 'base64').toString('utf8')] as const];
  });
  return new Map(pairs);
}

function readChecksum(context: Context): { readonly algorithm: UploadHash; readonly value: Uint8Array } | undefined {
  const header = context.req.header('upload-checksum');
  if (header === undefined) return undefined;
  const [name = '', value = ''] = header.split(' ');
  const algorithm = UPLOAD_HASHES.find((each) => each === name);
  if (algorithm !== undefined) return { algorithm, value: Buffer.from(value, 'base64') };
  throw new FocalError('invalid-argument', `There is no checksum ${JSON.stringify(name.slice(0, 20))} here.`, {
    hint: `There are ${UPLOAD_HASHES.join(', ')}.`,
  });
}

/** What comes in; where the client leaves in the middle, it ends with `aborted`. The body itself is left to its owner. */
async function* partsOf(body: Request['body']): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw new FocalError('aborted', 'The client left in the middle of a part.', { cause });
  } finally {
    reader.releaseLock();
  }
}
