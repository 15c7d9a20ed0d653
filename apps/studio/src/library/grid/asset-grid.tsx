import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { isMakingThumbnails } from '../folders/import-progress.ts';
import { useTileKeys } from '../keys/use-tile-keys.ts';
import type { AssetList } from '../list/asset-list.ts';
import { findAsset } from '../list/section.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { boxAt, type GridLayout, type LaidSection, rowsBetween } from './layout.ts';
import { Scrubber } from './scrubber.tsx';
import { SectionTitle } from './section-title.tsx';
import { Skeleton } from './skeleton.tsx';
import { Tile } from './tile.tsx';
import { useGridView } from './use-grid-view.ts';
import { useTileDrag } from './use-tile-drag.ts';
import { useTilePointer } from './use-tile-pointer.ts';

/** Drawn beyond what is in sight, as a share of it: above and below. */
const DRAWN_BEYOND = 1;
/** Loaded beyond what is in sight, as a share of it. */
const LOADED_BEYOND = 3;
const HURRY_MS = 300;
const MOST_HURRIED = 500;

/** Photos in justified rows; only those in sight are on the page. */
export function AssetGrid({
  list,
  label,
  isOrdered = false,
}: {
  readonly list: AssetList;
  readonly label: string;
  /** Whether its order is the user's own, and can be changed. */
  readonly isOrdered?: boolean;
}) {
  const engine = useLibraryEngine();
  const scroller = useRef<HTMLDivElement>(null);
  const sections = useStore(list.store, (state) => state.sections);
  const selection = useLibrary((state) => state.selection);
  const focusId = useLibrary((state) => state.focusId);
  const isMaking = useLibrary(isMakingThumbnails);
  const view = useGridView(scroller, sections);
  const { layout, sight } = view;
  const isMoving = useLibrary((state) => state.isMoving);
  useTileDrag(scroller, list.arrange !== undefined && isOrdered);
  useTilePointer(scroller);
  useTileKeys(list, view);

  const drawn = useMemo(
    () => ({ from: sight.top - DRAWN_BEYOND * sight.height, to: sight.top + (2 + DRAWN_BEYOND) * sight.height }),
    [sight.top, sight.height],
  );
  const shown = useMemo(
    () => layout.sections.filter(({ top, height }) => top + height >= drawn.from && top <= drawn.to),
    [layout, drawn],
  );
  useLoading(list, layout, sight);
  useHurry(shown, drawn, isMaking);

  // Who comes back from a photo finds it in sight.
  const isOpen = useLibrary((state) => state.place.assetId !== undefined);
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    const isBack = wasOpen.current && !isOpen;
    wasOpen.current = isOpen;
    const at = isBack && focusId !== undefined ? findAsset(sections, focusId) : undefined;
    const box = at === undefined ? undefined : boxAt(layout, at.section, at.index);
    if (box !== undefined) view.reveal(box.y, box.height);
  }, [isOpen, focusId, sections, layout, view]);

  const { sizes } = layout;
  return (
    <div className="grid-frame">
      <div
        ref={scroller}
        className="grid-scroller"
        data-scrubbed={list.isTimeline || undefined}
        role="listbox"
        aria-label={label}
        aria-multiselectable="true"
        aria-activedescendant={focusId === undefined ? undefined : `asset-${focusId}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list takes the keys of its options
        tabIndex={0}
        data-selecting={selection.size > 0 || undefined}
        data-moving={isMoving || undefined}
      >
        <div className="grid-sheet" style={{ height: layout.height }}>
          {shown.map((laid) => (
            <div
              key={laid.section.key}
              role="group"
              aria-label={laid.section.title || label}
              className="grid-section"
              style={{ transform: `translate(${laid.left}px, ${laid.top}px)`, width: laid.width, height: laid.height }}
            >
              {laid.section.title !== '' && (
                <SectionTitle section={laid.section} onSelect={() => void engine.selectSection(laid.section.key)} />
              )}
              {rowsBetween(laid, drawn.from, drawn.to).flatMap(({ from, to, top, height }) => {
                const tiles = [];
                let x = 0;
                for (let index = from; index < to; index++) {
                  const asset = laid.section.assets[index];
                  if (asset === undefined) continue;
                  const width = (laid.aspects[index] ?? 1) * height;
                  tiles.push(
                    <Tile
                      key={asset.id}
                      asset={asset}
                      x={x}
                      y={top}
                      width={width}
                      height={height}
                      isSelected={selection.has(asset.id)}
                      isFocused={asset.id === focusId}
                      isReady={asset.isIndexed || !isMaking}
                    />,
                  );
                  x += width + sizes.gap;
                }
                return tiles;
              })}
              <Skeleton laid={laid} sizes={sizes} from={drawn.from} to={drawn.to} />
            </div>
          ))}
        </div>
      </div>
      {list.isTimeline && <Scrubber view={view} />}
    </div>
  );
}

/** Loads sections that are in sight or soon will be; those in sight first. */
function useLoading(
  list: AssetList,
  layout: GridLayout,
  { top, height }: { readonly top: number; readonly height: number },
): void {
  const { attempt } = useLibraryEngine();
  useEffect(() => {
    if (height === 0) return;
    const load = (from: number, to: number): boolean => {
      // Photos of a section are loaded from its start on, so what is missing begins where the rows end.
      const wanted = layout.sections.find(
        (laid) =>
          laid.section.assets.length < laid.section.count &&
          laid.top + laid.height > from &&
          laid.top + laid.restTop < to,
      );
      if (wanted !== undefined) void attempt(() => list.load(wanted.section.key));
      return wanted !== undefined;
    };
    if (!load(top, top + height)) load(top - LOADED_BEYOND * height, top + (1 + LOADED_BEYOND) * height);
  }, [list, layout, top, height, attempt]);
}

/** Tells the server whose thumbnails are looked at and not made yet. */
function useHurry(
  shown: readonly LaidSection[],
  drawn: { readonly from: number; readonly to: number },
  isMaking: boolean,
): void {
  const { api } = useLibraryEngine();
  const told = useRef('');
  useEffect(() => {
    if (!isMaking) return;
    const ids = shown
      .flatMap((laid) =>
        rowsBetween(laid, drawn.from, drawn.to).flatMap(({ from, to }) => laid.section.assets.slice(from, to)),
      )
      .filter(({ isIndexed }) => !isIndexed)
      .slice(0, MOST_HURRIED)
      .map(({ id }) => id);
    const text = ids.join();
    if (ids.length === 0 || text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      // Without it they are made all the same, only later.
      api.hurry(ids).catch(() => undefined);
    }, HURRY_MS);
    return () => clearTimeout(timer);
  }, [api, shown, drawn, isMaking]);
}
