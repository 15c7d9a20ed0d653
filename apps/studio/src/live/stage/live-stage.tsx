import { useEffect, useRef } from 'react';
import { canLock } from '../state/live-settings.ts';
import { useLive, useLiveEngine } from '../ui/live-context.tsx';
import { FocusBoxes } from './focus-boxes.tsx';
import { LiveProblemCard, ModelsCard, TrackerCard } from './live-cards.tsx';
import { LiveOverlay } from './live-overlay.tsx';
import { placePicture } from './picture-place.ts';
import { useSubjectPointer } from './use-subject-pointer.ts';

/** The picture, with what is marked on it. */
export function LiveStage() {
  const engine = useLiveEngine();
  const stage = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const width = useLive((state) => state.source?.width ?? 0);
  const height = useLive((state) => state.source?.height ?? 0);
  const phase = useLive((state) => state.phase);
  const kind = useLive((state) => state.source?.kind);
  const problem = useLive((state) => state.problem);
  const mode = useLive((state) => state.settings.mode);
  const locks = useLive((state) => canLock(state.settings));
  const isLit = useLive((state) => state.lit !== undefined);
  const pointer = useSubjectPointer(picture);

  useEffect(() => {
    // Made by hand: a canvas can be given to a worker only once.
    const canvas = document.createElement('canvas');
    canvas.className = 'live-canvas';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', 'The picture, with the chosen subject in focus');
    picture.current?.prepend(canvas);
    engine.attach(canvas);
    return () => canvas.remove();
  }, [engine]);

  useEffect(() => {
    const frame = stage.current;
    if (frame === null) return;
    const place = () => {
      const element = picture.current;
      if (element === null) return;
      const at = placePicture({ width: frame.clientWidth, height: frame.clientHeight }, { width, height });
      element.style.translate = `${at.left}px ${at.top}px`;
      element.style.width = `${at.width}px`;
      element.style.height = `${at.height}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(frame);
    return () => observer.disconnect();
  }, [width, height]);

  return (
    <div className="live-stage" ref={stage} data-lit={isLit || undefined} data-locks={locks || undefined}>
      <div className="live-picture" ref={picture} {...pointer} hidden={width === 0}>
        <FocusBoxes />
      </div>
      <LiveOverlay />
      <div className="live-cards">
        {phase === 'starting' && (
          <div className="live-card" role="status">
            <p>Starting …</p>
          </div>
        )}
        {phase === 'live' && problem !== undefined && <LiveProblemCard problem={problem} />}
        {phase === 'live' && (kind !== 'demo' || mode !== 'subject') && <ModelsCard />}
        {phase === 'live' && <TrackerCard />}
      </div>
    </div>
  );
}
