import { useEffect, useRef, useState } from 'react';

/** Takes files that are dropped anywhere on the page, before the library takes them as uploads. Whether some are held over it. */
export function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const current = useRef(onFiles);
  current.current = onFiles;
  useEffect(() => {
    const take = (event: DragEvent): DataTransfer | undefined => {
      if (!(event.dataTransfer?.types.includes('Files') ?? false)) return undefined;
      event.preventDefault();
      event.stopImmediatePropagation();
      return event.dataTransfer ?? undefined;
    };
    const onDragOver = (event: DragEvent): void => {
      const data = take(event);
      if (data === undefined) return;
      data.dropEffect = 'copy';
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      const data = take(event);
      if (data !== undefined) current.current([...data.files]);
    };
    window.addEventListener('dragover', onDragOver, { capture: true });
    window.addEventListener('dragleave', onDragLeave, { capture: true });
    window.addEventListener('drop', onDrop, { capture: true });
    return () => {
      window.removeEventListener('dragover', onDragOver, { capture: true });
      window.removeEventListener('dragleave', onDragLeave, { capture: true });
      window.removeEventListener('drop', onDrop, { capture: true });
    };
  }, []);
  return isOver;
}
