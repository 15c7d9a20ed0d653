import type { StreamTargetChunk } from 'mediabunny';

const PREFIX = 'focal-recording-';

/** A file that grows on disk while it is written, in the browser's storage for this page. */
export interface RecordingFile {
  readonly writable: WritableStream<StreamTargetChunk>;
  /** The whole file; it stays until the next recording begins. */
  finish(): Promise<File>;
  discard(): Promise<void>;
}

/** Nothing where this browser has no such storage. What earlier recordings left there is deleted. */
export async function createRecordingFile(): Promise<RecordingFile | undefined> {
  try {
    const folder = await navigator.storage.getDirectory();
    await deleteOld(folder);
    const name = `${PREFIX}${crypto.randomUUID()}`;
    const file = await folder.getFileHandle(name, { create: true });
    const access = await (file as unknown as SyncFile).createSyncAccessHandle();
    let isOpen = true;
    const close = () => {
      if (isOpen) access.close();
      isOpen = false;
    };
    return {
      writable: new WritableStream<StreamTargetChunk>({
        write({ data, position }) {
          access.write(data, { at: position });
        },
      }),
      async finish() {
        access.flush();
        close();
        return file.getFile();
      },
      async discard() {
        close();
        await folder.removeEntry(name);
      },
    };
  } catch {
    return undefined;
  }
}

/** The part of a file handle that only workers have. */
interface SyncFile {
  createSyncAccessHandle(): Promise<{
    write(data: Uint8Array, options: { readonly at: number }): number;
    flush(): void;
    close(): void;
  }>;
}

async function deleteOld(folder: FileSystemDirectoryHandle): Promise<void> {
  const names: string[] = [];
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
    if (name.startsWith(PREFIX)) names.push(name);
  }
  // One that another tab still writes to is locked, and stays.
  for (const name of names) await folder.removeEntry(name).catch(() => undefined);
}
