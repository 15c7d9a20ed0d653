import { useEffect, useState } from 'react';
import { useLiveParts } from './live-context.tsx';

/** Videos dropped anywhere on the page. True while something is dragged over it. */
export function useVideoDrop(): boolean {
  const { engine, store } = useLiveParts();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const isForPicture = (event: DragEvent) =>
      event.target instanceof Element && event.target.closest('[data-asset-drop]') !== null;
    addEventListener(
      'dragenter',
      (event) => {
        if (!hasFiles(event)) return;
        depth++;
        setOver(true);
      },
      { signal },
    );
    addEventListener(
      'dragleave',
      (event) => {
        if (!hasFiles(event)) return;
        depth = Math.max(0, depth - 1);
        if (depth === 0) setOver(false);
      },
      { signal },
    );
    addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault(), { signal });
    addEventListener(
      'drop',
      (event) => {
        depth = 0;
        setOver(false);
        if (!hasFiles(event) || isForPicture(event)) return;
        event.preventDefault();
        const [file, ...others] = event.dataTransfer?.files ?? [];
        if (file === undefined) return;
        if (others.length > 0) store.getState().toast('info', 'One video at a time: the first one is opened.');
        void engine.openFile(file);
      },
      { signal },
    );
    return () => listening.abort();
  }, [engine, store]);
  return isOver;
}
