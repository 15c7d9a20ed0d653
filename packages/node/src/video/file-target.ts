import { type FileHandle, open } from 'node:fs/promises';
import { StreamTarget, type StreamTargetChunk } from 'mediabunny';
import { toFileError } from '../files/file-error.ts';

/** A file that a video is written to, under a name that is free. */
export interface FileTarget {
  readonly target: StreamTarget;
  /** Flushes and closes the file. Throws what went wrong when it was written. Idempotent. */
  close(): Promise<void>;
}

/** Bytes that are gathered before they are written. */
const CHUNK_SIZE = 4 * 2 ** 20;

/** Throws as {@link toFileError}, which names `shown` in place of the file. */
export async function createFileTarget(path: string, shown: string): Promise<FileTarget> {
  let file: FileHandle | undefined;
  let failure: unknown;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    throw toFileError(error, 'write', shown);
  }
  const handle = file;
  const writable = new WritableStream<StreamTargetChunk>({
    async write({ data, position }) {
      try {
        for (let done = 0; done < data.length; ) {
          done += (await handle.write(data, done, data.length - done, position + done)).bytesWritten;
        }
      } catch (error) {
        failure ??= toFileError(error, 'write', shown);
        throw failure;
      }
    },
  });
  return {
    target: new StreamTarget(writable, { chunked: true, chunkSize: CHUNK_SIZE }),
    async close() {
      const closing = file;
      file = undefined;
      try {
        if (failure === undefined) await closing?.sync();
      } catch (error) {
        failure = toFileError(error, 'write', shown);
      } finally {
        await closing?.close();
      }
      if (failure !== undefined) throw failure;
    },
  };
}
