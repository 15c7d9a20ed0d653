import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { findSectionAt, type GridLayout } from './layout.ts';
import type { GridView } from './use-grid-view.ts';

/** Names of years stand at least so far apart, in shares of the bar. */
const LEAST_APART = 0.035;

/** The years beside the timeline; dragging goes to any month. */
export function Scrubber({ view: { layout, sight, scrollTo } }: { readonly view: GridView }) {
  const bar = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const [isHeld, setHeld] = useState(false);
  const [exact, setExact] = useState(0);
  const room = Math.max(1, layout.height - sight.height);
  const years = useMemo(() => findYears(layout), [layout]);
  useEffect(() => setExact(sight.top), [sight.top]);
  if (layout.sections.length < 2 || layout.height < 2 * sight.height) return null;

  const now = layout.sections[findSectionAt(layout, exact)]?.section;
  const shareAt = (event: PointerEvent): number => {
    const box = bar.current?.getBoundingClientRect();
    if (box === undefined) return 0;
    return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
  };
  const go = (share: number) => {
    setExact(share * room);
    scrollTo(share * room);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = findSectionAt(layout, exact + 1);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 12, PageUp: at - 12 };
    const end = layout.sections.length - 1;
    const wanted = event.key === 'Home' ? 0 : event.key === 'End' ? end : steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const { top } = layout.sections[Math.min(end, Math.max(0, wanted))] ?? { top: 0 };
    setExact(top);
    scrollTo(top);
  };
  const label =
    pointed === undefined ? undefined : layout.sections[findSectionAt(layout, pointed * room)]?.section.title;
  return (
    <div
      ref={bar}
      className="scrubber"
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Month"
      aria-valuemin={0}
      aria-valuemax={layout.sections.length - 1}
      aria-valuenow={findSectionAt(layout, exact)}
      aria-valuetext={now?.title}
      data-held={isHeld || undefined}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
        setHeld(true);
        setPointed(shareAt(event));
        go(shareAt(event));
      }}
      onPointerMove={(event) => {
        setPointed(shareAt(event));
        if (isHeld) go(shareAt(event));
      }}
      onPointerUp={() => {
        setHeld(false);
        setPointed(undefined);
      }}
      onPointerCancel={() => {
        setHeld(false);
        setPointed(undefined);
      }}
      onPointerLeave={() => !isHeld && setPointed(undefined)}
    >
      {years.map(({ year, share }) => (
        <span key={year} className="scrubber-year" style={{ top: `${share * 100}%` }}>
          {year}
        </span>
      ))}
      <span className="scrubber-now" style={{ top: `${Math.min(1, exact / room) * 100}%` }} />
      {pointed !== undefined && (
        <span className="scrubber-label" style={{ top: `${pointed * 100}%` }}>
          {label}
        </span>
      )}
    </div>
  );
}

function findYears(layout: GridLayout): readonly { readonly year: string; readonly share: number }[] {
  const years: { year: string; share: number }[] = [];
  for (const { section, top } of layout.sections) {
    const year = section.key.slice(0, -3);
    if (years.at(-1)?.year === year) continue;
    years.push({ year, share: top / layout.height });
  }
  let last = Number.NEGATIVE_INFINITY;
  return years.filter(({ share }) => {
    if (share - last < LEAST_APART) return false;
    last = share;
    return true;
  });
}
