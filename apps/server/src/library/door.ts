import { FocalError } from '@focal/core';
import type { Library } from '@focal/library';

/** The way to a library, which is opened when it is first asked for. */
export interface LibraryDoor extends AsyncDisposable {
  /** Throws what opening throws; the next call tries again. */
  open(): Promise<Library>;
  /** Closes what is open. Idempotent. */
  close(): Promise<void>;
}

/** @param onOpened told once the library is open */
export function createLibraryDoor(
  open: () => Promise<Library>,
  onOpened: (library: Library) => void = () => undefined,
): LibraryDoor {
  let opening: Promise<Library> | undefined;
  let isClosed = false;
  async function close(): Promise<void> {
    isClosed = true;
    const library = await opening?.catch(() => undefined);
    await library?.close();
  }
  return {
    async open() {
      if (isClosed) throw new FocalError('closed', 'The library has been closed.');
      opening ??= open().then((library) => {
        onOpened(library);
        return library;
      });
      try {
        return await opening;
      } catch (error) {
        opening = undefined;
        throw error;
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
