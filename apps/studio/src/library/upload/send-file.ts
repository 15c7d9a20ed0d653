import { FocalError, throwIfAborted } from '@focal/core';
import { send, toError } from '../../engine/ask-server.ts';

/** What came of a file at the server. */
export interface SentFile {
  readonly isDuplicate: boolean;
  readonly assetId?: number | undefined;
}

export interface SendFileOptions {
  readonly signal: AbortSignal;
  /** Told of the bytes that are safe at the server. */
  readonly onProgress: (sent: number) => void;
  /** Told whether the connection is lost just now. */
  readonly onWaiting: (isWaiting: boolean) => void;
  /** Where begun uploads are remembered, so that the same file goes on after the page was closed. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

const ROOT = '/v1/library/uploads';
const TUS = { 'tus-resumable': '1.0.0' };
const PART_BYTES = 4 * 2 ** 20;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** Answers after which the same request has no better luck. */
const FINAL: readonly FocalError['code'][] = [
  'invalid-argument',
  'too-large',
  'no-space',
  'unsupported-format',
  'permission',
  'internal',
];

/**
 * Sends a file in parts, by the tus protocol; where the connection is lost it goes on when it is back. Throws `aborted`,
 * after which the server has forgotten it, and what the server says of the file.
 */
export async function sendFile(file: File, options: SendFileOptions): Promise<SentFile> {
  const { signal, storage, onProgress, onWaiting } = options;
  const key = `focal-upload:${file.name}:${file.size}:${file.lastModified}`;
  let address = storage.getItem(key) ?? undefined;
  let offset: number | undefined;
  for (let failures = 0; ; ) {
    try {
      address ??= await begin(file, signal);
      remember(storage, key, address);
      offset ??= await findOffset(address, signal);
      if (offset === undefined) {
        // The server has forgotten it.
        address = undefined;
        storage.removeItem(key);
        continue;
      }
      onWaiting(false);
      onProgress(offset);
      if (offset < file.size) {
        offset = await sendPart(address, file, offset, signal);
        failures = 0;
        onProgress(offset);
        continue;
      }
      const result = await readResult(address, signal);
      storage.removeItem(key);
      return result;
    } catch (error) {
      if (signal.aborted) {
        storage.removeItem(key);
        if (address !== undefined) void fetch(address, { method: 'DELETE', headers: TUS }).catch(() => undefined);
        throw new FocalError('aborted', 'The upload was cancelled.');
      }
      if (!(error instanceof FocalError) || FINAL.includes(error.code)) throw error;
      if (error.code === 'corrupt-input' && offset === file.size) {
        storage.removeItem(key);
        throw error;
      }
      offset = undefined;
      onWaiting(true);
      await rest(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++), signal);
    }
  }
}

async function begin(file: File, signal: AbortSignal): Promise<string> {
  const metadata = [
    `filename ${toBase64(file.name)}`,
    `modified ${toBase64(String(file.lastModified))}`,
    `filetype ${toBase64(file.type)}`,
  ].join(',');
  const answer = await send(ROOT, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(file.size), 'upload-metadata': metadata },
    signal,
  });
  const location = answer.headers.get('location');
  if (!answer.ok || location === null) throw await toError(answer);
  return location;
}

/** Where it goes on; undefined where the server does not know it any more. */
async function findOffset(address: string, signal: AbortSignal): Promise<number | undefined> {
  const answer = await send(address, { method: 'HEAD', headers: TUS, signal });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new FocalError('device-unavailable', 'The Focal server does not answer.');
  return Number(answer.headers.get('upload-offset'));
}

async function sendPart(address: string, file: File, offset: number, signal: AbortSignal): Promise<number> {
  const answer = await send(address, {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: file.slice(offset, offset + PART_BYTES),
    signal,
  });
  if (!answer.ok) throw await toError(answer);
  return Number(answer.headers.get('upload-offset'));
}

async function readResult(address: string, signal: AbortSignal): Promise<SentFile> {
  const answer = await send(address, { signal });
  if (!answer.ok) throw await toError(answer);
  const { error, isDuplicate, assetId } = (await answer.json()) as {
    readonly error?: { readonly code: FocalError['code']; readonly message: string; readonly hint?: string };
    readonly isDuplicate?: boolean;
    readonly assetId?: number;
  };
  if (error === undefined) return { isDuplicate: isDuplicate === true, assetId };
  throw new FocalError(error.code, error.message, error.hint === undefined ? {} : { hint: error.hint });
}

/** Until the time is over or the network is back. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', go);
      window.removeEventListener('online', go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    signal.addEventListener('abort', go);
    window.addEventListener('online', go);
  });
  throwIfAborted(signal);
}

/** A storage that is full or closed only means that it begins anew after the page was closed. */
function remember(storage: SendFileOptions['storage'], key: string, address: string): void {
  try {
    storage.setItem(key, address);
  } catch {
    // See above.
  }
}

function toBase64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
