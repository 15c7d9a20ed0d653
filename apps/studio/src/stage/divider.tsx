import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useStudio, useStudioParts } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';

const STEP = 0.02;

/** The line between before and after: dragged, or moved with the arrow keys. */
export function Divider() {
  const { store } = useStudioParts();
  const position = useStudio((state) => state.divider) ?? 0.5;
  const ref = useRef<HTMLDivElement>(null);
  const move = (next: number) => store.setState({ divider: Math.min(1, Math.max(0, next)) });

  const onPointerDown = (event: PointerEvent) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = ref.current?.parentElement?.getBoundingClientRect();
    if (box !== undefined) move((event.clientX - box.left) / box.width);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? STEP * 5 : STEP;
    const next: Record<string, number> = {
      ArrowLeft: position - step,
      ArrowDown: position - step,
      ArrowRight: position + step,
      ArrowUp: position + step,
      Home: 0,
      End: 1,
    };
    const target = next[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(target);
  };
  return (
    <>
      <span className="tag left" style={{ opacity: position > 0.12 ? 1 : 0 }}>
        Before
      </span>
      <span className="tag right" style={{ opacity: position < 0.88 ? 1 : 0 }}>
        After
      </span>
      <div
        ref={ref}
        className="divider"
        data-floating
        style={{ left: `${position * 100}%` }}
        role="slider"
        tabIndex={0}
        aria-label="Before and after"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(position * 100)}
        aria-valuetext={`${Math.round(position * 100)} % of the stage shows the photo as it was`}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      >
        <span className="divider-knob">
          <Icon name="handles" size={20} />
        </span>
      </div>
    </>
  );
}
