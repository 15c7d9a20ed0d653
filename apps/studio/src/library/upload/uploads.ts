import { FocalError } from '@focal/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { describeError } from '../state/describe-error.ts';
import { sendFile } from './send-file.ts';

export interface UploadItem {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  readonly state: 'waiting' | 'sending' | 'lost' | 'done' | 'duplicate' | 'failed';
  readonly problem?: string;
}

export interface UploadsState {
  readonly items: readonly UploadItem[];
  /** Files that were given and are neither photos nor videos. */
  readonly leftOut: number;
}

/** Files that are sent to the library, a few at once. Lives as long as the page. */
export interface Uploads {
  readonly store: StoreApi<UploadsState>;
  readonly add: (files: readonly File[]) => void;
  /** Stops one, and the server forgets it. */
  readonly cancel: (id: number) => void;
  readonly cancelAll: () => void;
  readonly retry: (id: number) => void;
  /** Forgets what has ended. */
  readonly clear: () => void;
}

const TOGETHER = 2;
const MEDIA =
  /\.(?:jpe?g|jpe|jfif|png|webp|avif|tiff?|gif|hei[cf]|hif|mp4|m4v|mov|qt|webm|mkv|m2?ts|3gp|dng|cr[23]|crw|nef|nrw|arw|sr[2fw]|orf|rw2|raf|pef|rwl|3fr|erf|kdc|mrw|x3f|iiq)$/i;

export function createUploads(): Uploads {
  const store = createStore<UploadsState>()(() => ({ items: [], leftOut: 0 }));
  const files = new Map<number, File>();
  const running = new Map<number, AbortController>();
  let nextId = 1;

  const set = (id: number, change: Partial<UploadItem>): void =>
    store.setState(({ items }) => ({ items: items.map((item) => (item.id === id ? { ...item, ...change } : item)) }));

  function advance(): void {
    while (running.size < TOGETHER) {
      const next = store.getState().items.find(({ state, id }) => state === 'waiting' && !running.has(id));
      const file = next === undefined ? undefined : files.get(next.id);
      if (next === undefined || file === undefined) break;
      void work(next.id, file);
    }
    // A page that is closed now would leave files behind.
    if (running.size > 0) window.addEventListener('beforeunload', warn);
    else window.removeEventListener('beforeunload', warn);
  }

  async function work(id: number, file: File): Promise<void> {
    const stop = new AbortController();
    running.set(id, stop);
    set(id, { state: 'sending' });
    try {
      const { isDuplicate } = await sendFile(file, {
        signal: stop.signal,
        storage: localStorage,
        onProgress: (sent) => set(id, { sent, state: 'sending' }),
        onWaiting: (isLost) => set(id, { state: isLost ? 'lost' : 'sending' }),
      });
      files.delete(id);
      set(id, { state: isDuplicate ? 'duplicate' : 'done', sent: file.size });
    } catch (error) {
      if (!(error instanceof FocalError && error.code === 'aborted')) {
        set(id, { state: 'failed', problem: describeError(error) });
      }
    } finally {
      running.delete(id);
      advance();
    }
  }

  const forget = (id: number): void => {
    files.delete(id);
    store.setState(({ items }) => ({ items: items.filter((item) => item.id !== id) }));
  };
  const cancel = (id: number): void => {
    forget(id);
    running.get(id)?.abort();
  };
  return {
    store,
    add(given) {
      const media = given.filter(({ type, name }) => /^(?:image|video)\//.test(type) || MEDIA.test(name));
      const added = media.map((file): UploadItem => {
        const id = nextId++;
        files.set(id, file);
        return { id, name: file.name, bytes: file.size, sent: 0, state: 'waiting' };
      });
      store.setState(({ items, leftOut }) => ({
        items: [...items, ...added],
        leftOut: leftOut + given.length - media.length,
      }));
      advance();
    },
    cancel,
    cancelAll() {
      for (const { id, state } of store.getState().items) {
        if (state === 'waiting' || state === 'sending' || state === 'lost') cancel(id);
      }
    },
    retry(id) {
      set(id, { state: 'waiting', sent: 0 });
      advance();
    },
    clear: () => store.setState(({ items }) => ({ items: items.filter(({ id }) => files.has(id)), leftOut: 0 })),
  };
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
