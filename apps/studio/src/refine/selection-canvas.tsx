import { useEffect, useRef } from 'react';
import { useEngine, useStudio } from '../ui/context.tsx';

/** What is selected, laid over the photo; a thread of its own draws on it. */
export function SelectionCanvas() {
  const engine = useEngine();
  const view = useStudio((state) => state.refining?.view);
  const isHolding = useStudio((state) => state.isHoldingBefore);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Made by hand: a canvas can be given to a thread only once.
    const canvas = document.createElement('canvas');
    canvas.className = 'selection';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', 'What is selected');
    ref.current?.append(canvas);
    engine.attachSelection(canvas);
    return () => canvas.remove();
  }, [engine]);
  return <div className="selection-frame" ref={ref} data-view={view} hidden={isHolding} />;
}
