import type { Fact } from '@focal/core';
import type { MatteInfo } from '../state/types.ts';
import { send, toError } from './ask-server.ts';

/** What the studio asks of the Focal server it came from. */
export interface FocalServer {
  /** The matte as the model gave it, a grey PNG of the model's size. */
  findMatte(photo: Blob, signal: AbortSignal): Promise<{ readonly matte: Blob; readonly info: MatteInfo }>;
  /** The upright photo as PNG, for kinds of files that this browser does not read. */
  decode(photo: Blob, signal: AbortSignal): Promise<Blob>;
  /** Who and what is in the photo, as scene JSON. */
  analyze(photo: Blob, facts: readonly Fact[], signal: AbortSignal): Promise<string>;
  isUp(): Promise<boolean>;
}

const HEALTH_TIMEOUT_MS = 4_000;

export function createFocalServer(): FocalServer {
  const edit = async (path: string, photo: Blob, signal: AbortSignal): Promise<Response> => {
    const response = await send(path, {
      method: 'POST',
      body: photo,
      headers: { 'content-type': typeOf(photo) },
      signal,
    });
    if (!response.ok) throw await toError(response);
    return response;
  };
  return {
    async findMatte(photo, signal) {
      const started = performance.now();
      const response = await edit('/v1/cutout?output=model-matte&format=png', photo, signal);
      const models = (response.headers.get('focal-models') ?? '').split(', ').filter((id) => id !== '');
      const matte = await response.blob();
      return {
        matte,
        info: {
          place: 'server',
          models,
          device: response.headers.get('focal-device') ?? 'cpu',
          notice: response.headers.get('focal-notice') ?? undefined,
          ms: performance.now() - started,
        },
      };
    },
    async decode(photo, signal) {
      return (await edit('/v1/decode?format=png&metadata=all', photo, signal)).blob();
    },
    async analyze(photo, facts, signal) {
      return (await edit(`/v1/analyze?facts=${facts.join()}&mattes=packbits`, photo, signal)).text();
    },
    async isUp() {
      try {
        const response = await fetch('/health', { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS), cache: 'no-store' });
        return response.ok;
      } catch {
        return false;
      }
    },
  };
}

function typeOf(photo: Blob): string {
  return photo.type.startsWith('image/') ? photo.type : 'application/octet-stream';
}
