import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Section } from '../list/section.ts';
import { createGridLayouter, findSectionAt, type GridLayout, type GridSizes } from './layout.ts';

/** The part of the page that is in sight, in CSS pixels from its top. */
export interface Sight {
  readonly top: number;
  readonly height: number;
}

export interface GridView {
  readonly layout: GridLayout;
  /** Moves in steps, so that the grid is drawn anew only now and then. */
  readonly sight: Sight;
  /** To a height of the page, now. */
  readonly scrollTo: (top: number) => void;
  /** Only as far as needed. */
  readonly reveal: (top: number, height: number) => void;
}

/** Sight is told in steps of so many pixels. */
const STEP_PX = 120;
const NARROW_PX = 760;

function toSizes(width: number): GridSizes {
  const isNarrow = width < NARROW_PX;
  return { width, rowHeight: isNarrow ? 116 : 208, gap: isNarrow ? 2 : 4, titleHeight: isNarrow ? 42 : 50 };
}

/** Lays out what a scrolling element shows, and keeps what is in sight where it is while sections grow above it. */
export function useGridView(scroller: RefObject<HTMLElement | null>, sections: readonly Section[]): GridView {
  const [box, setBox] = useState({ width: 0, height: 0 });
  const [top, setTop] = useState(0);
  const lay = useMemo(() => createGridLayouter(), []);
  const layout = useMemo(() => lay(sections, toSizes(box.width)), [lay, sections, box.width]);
  const anchor = useRef<{ readonly key: string; readonly share: number; readonly px: number } | undefined>(undefined);
  const current = useRef(layout);

  const noteAnchor = useCallback(() => {
    const y = scroller.current?.scrollTop ?? 0;
    const laid = current.current.sections[findSectionAt(current.current, y)];
    // At the top one stays at the top, whatever comes in above.
    anchor.current =
      laid === undefined || y < 1
        ? undefined
        : { key: laid.section.key, share: (y - laid.top) / Math.max(1, laid.height), px: y - laid.top };
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      const style = getComputedStyle(element);
      const padding = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
      setBox({ width: element.clientWidth - padding, height: element.clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = () => {
      setTop(Math.floor(element.scrollTop / STEP_PX) * STEP_PX);
      noteAnchor();
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [scroller, noteAnchor]);

  useLayoutEffect(() => {
    const before = current.current;
    current.current = layout;
    const held = anchor.current;
    const element = scroller.current;
    if (held === undefined || element === null || before === layout) return;
    const laid = layout.sections.find(({ section }) => section.key === held.key);
    const old = before.sections.find(({ section }) => section.key === held.key);
    if (laid === undefined || old === undefined) return;
    // Within a section that became another one, the same share of it stays in sight.
    const isSame = laid.rows === old.rows || laid.height === old.height;
    const wanted = laid.top + (isSame ? held.px : held.share * laid.height);
    if (Math.abs(wanted - element.scrollTop) < 1) return;
    element.scrollTop = wanted;
    setTop(Math.floor(element.scrollTop / STEP_PX) * STEP_PX);
  }, [layout, scroller]);

  const scrollTo = useCallback(
    (y: number) => {
      const element = scroller.current;
      if (element === null) return;
      element.scrollTop = y;
      setTop(Math.floor(element.scrollTop / STEP_PX) * STEP_PX);
      noteAnchor();
    },
    [scroller, noteAnchor],
  );
  const reveal = useCallback(
    (y: number, height: number) => {
      const element = scroller.current;
      if (element === null) return;
      const margin = 12;
      if (y - margin < element.scrollTop) scrollTo(y - margin);
      else if (y + height + margin > element.scrollTop + element.clientHeight) {
        scrollTo(y + height + margin - element.clientHeight);
      }
    },
    [scroller, scrollTo],
  );
  return { layout, sight: { top, height: box.height }, scrollTo, reveal };
}
