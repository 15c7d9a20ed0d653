import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Box } from '../api/types.ts';

/** Share of the photo that an arrow key moves or grows the box by. */
const STEP = 0.01;
/** Boxes smaller than this are clicks. */
const LEAST = 0.01;

/**
 * A box drawn over a photo, where there is a face: by pointer, or by arrow keys (with Shift its size) and Enter. Escape
 * ends it.
 */
export function DrawFace({
  aspect,
  onDone,
  onCancel,
}: {
  /** Width of the photo by its height. */
  readonly aspect: number;
  readonly onDone: (box: Box) => void;
  readonly onCancel: () => void;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<Box | undefined>(undefined);
  const start = useRef<{ readonly x: number; readonly y: number } | undefined>(undefined);
  useEffect(() => ref.current?.focus(), []);

  const toPoint = ({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const within = (value: number): number => Math.min(1, Math.max(0, value));
    return { x: within((clientX - left) / width), y: within((clientY - top) / height) };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const ways: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const way = ways[event.key];
    if (way === undefined && event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onCancel();
    const now = box ?? { x: 0.45, y: 0.4, width: 0.1, height: Math.min(0.5, 0.1 * aspect) };
    if (way === undefined) return box === undefined ? setBox(now) : onDone(now);
    const [dx, dy] = way;
    setBox(event.shiftKey ? grow(now, dx, dy) : move(now, dx, dy));
  };
  return (
    <div
      ref={ref}
      className="draw-face"
      data-floating
      role="application"
      aria-label="Draw a box around the face. Arrow keys move it, with Shift they change its size, Enter takes it."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the box is moved by keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = toPoint(event);
        setBox(undefined);
      }}
      onPointerMove={(event) => {
        if (start.current !== undefined) setBox(between(start.current, toPoint(event)));
      }}
      onPointerUp={(event) => {
        if (start.current === undefined) return;
        const drawn = between(start.current, toPoint(event));
        start.current = undefined;
        if (drawn.width >= LEAST && drawn.height >= LEAST) onDone(drawn);
        else setBox(undefined);
      }}
      onPointerCancel={() => {
        start.current = undefined;
        setBox(undefined);
      }}
    >
      {box !== undefined && (
        <span
          style={{
            left: `${box.x * 100}%`,
            top: `${box.y * 100}%`,
            width: `${box.width * 100}%`,
            height: `${box.height * 100}%`,
          }}
        />
      )}
    </div>
  );
}

function between(a: { x: number; y: number }, b: { x: number; y: number }): Box {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

function move({ x, y, width, height }: Box, dx: number, dy: number): Box {
  return { x: clamp(x + dx, 0, 1 - width), y: clamp(y + dy, 0, 1 - height), width, height };
}

function grow({ x, y, width, height }: Box, dx: number, dy: number): Box {
  return { x, y, width: clamp(width + dx, LEAST * 2, 1 - x), height: clamp(height + dy, LEAST * 2, 1 - y) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
