import { useEffect, useState } from 'react';
import { useEngine, useStudioParts } from '../ui/context.tsx';

/** Photos dropped anywhere on the page or pasted. `isOver` while something is dragged over it. */
export function usePhotoInput(): { readonly isOver: boolean } {
  const engine = useEngine();
  const { store } = useStudioParts();
  const [isOver, setOver] = useState(false);

  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const isForAsset = (event: DragEvent) =>
      event.target instanceof Element && event.target.closest('[data-asset-drop]');
    const take = (files: readonly File[]) => {
      const [file] = files;
      if (file === undefined) return;
      if (file.name.endsWith('.json') || file.type === 'application/json') return void engine.openLook(file);
      if (files.length > 1) return void engine.openAll(files);
      void engine.open(file, file.name === 'image.png' ? 'pasted.png' : file.name);
    };
    const onEnter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth++;
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onOver = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (isForAsset(event) || !hasFiles(event)) return;
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    };
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    };
    addEventListener('dragenter', onEnter);
    addEventListener('dragleave', onLeave);
    addEventListener('dragover', onOver);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragenter', onEnter);
      removeEventListener('dragleave', onLeave);
      removeEventListener('dragover', onOver);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, [engine, store]);

  return { isOver };
}
