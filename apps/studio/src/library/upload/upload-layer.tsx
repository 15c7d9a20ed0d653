import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Icon } from '../../ui/icons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useLibraryEngine } from '../ui/library-context.tsx';
import { readDropped } from './dropped-files.ts';
import type { UploadItem } from './uploads.ts';

/** Files dropped anywhere on the page, and how those that are sent do. */
export function UploadLayer() {
  const isOver = useDrop();
  return (
    <>
      {isOver && (
        <div className="drop-cover" aria-hidden="true">
          <span>
            <Icon name="upload" size={32} />
            Drop photos, videos or folders to add them to the library
          </span>
        </div>
      )}
      <UploadPanel />
    </>
  );
}

function useDrop(): boolean {
  const { uploads } = useLibraryEngine();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      void readDropped(event.dataTransfer).then((files) => uploads.add(files));
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [uploads]);
  return isOver;
}

function UploadPanel() {
  const { uploads } = useLibraryEngine();
  const items = useStore(uploads.store, (state) => state.items);
  const leftOut = useStore(uploads.store, (state) => state.leftOut);
  if (items.length === 0 && leftOut === 0) return null;
  const isUnderWay = items.some(isActive);
  const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  const sent = items.reduce((sum, { sent: part, state, bytes }) => sum + (state === 'failed' ? bytes : part), 0);
  const shown = items.filter(({ state }) => state !== 'done' && state !== 'duplicate').slice(0, MOST_SHOWN);
  return (
    <section className="upload-panel" aria-label="Uploads">
      <header>
        <strong role="status">{describe(items)}</strong>
        <button
          type="button"
          className="icon-button"
          aria-label={isUnderWay ? 'Cancel all uploads' : 'Close'}
          title={isUnderWay ? 'Cancel all uploads' : 'Close'}
          onClick={() => (isUnderWay ? uploads.cancelAll() : uploads.clear())}
        >
          <Icon name="close" />
        </button>
      </header>
      {isUnderWay && <ProgressBar label="Uploads" done={total === 0 ? 0 : sent / total} />}
      {shown.length > 0 && (
        <ul>
          {shown.map((item) => (
            <UploadRow key={item.id} item={item} />
          ))}
        </ul>
      )}
      {leftOut > 0 && <p>{leftOut === 1 ? 'One file is' : `${leftOut} files are`} neither photo nor video.</p>}
    </section>
  );
}

const MOST_SHOWN = 30;

function UploadRow({ item: { id, name, bytes, sent, state, problem } }: { readonly item: UploadItem }) {
  const { uploads } = useLibraryEngine();
  return (
    <li data-state={state}>
      <span className="upload-name">{name}</span>
      <span className="upload-state">
        {state === 'failed'
          ? problem
          : state === 'lost'
            ? 'Connection lost: it goes on by itself'
            : state === 'waiting'
              ? 'Waits'
              : `${Math.floor((sent / Math.max(1, bytes)) * 100)} %`}
      </span>
      {state === 'failed' && (
        <button type="button" className="button small" onClick={() => uploads.retry(id)}>
          Try again
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={state === 'failed' ? `Dismiss ${name}` : `Cancel ${name}`}
        onClick={() => uploads.cancel(id)}
      >
        <Icon name="close" size={16} />
      </button>
    </li>
  );
}

function isActive({ state }: UploadItem): boolean {
  return state === 'waiting' || state === 'sending' || state === 'lost';
}

function describe(items: readonly UploadItem[]): string {
  const count = (...states: readonly UploadItem['state'][]): number =>
    items.filter(({ state }) => states.includes(state)).length;
  const [done, duplicates, failed] = [count('done'), count('duplicate'), count('failed')];
  if (items.length === 0) return 'Nothing was uploaded';
  if (items.some(isActive)) {
    return `Uploading ${Math.min(items.length, done + duplicates + failed + 1)} of ${items.length}`;
  }
  return [
    ...(done > 0 || (duplicates === 0 && failed === 0) ? [`${done} uploaded`] : []),
    ...(duplicates > 0 ? [`${duplicates} in the library already`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ');
}
