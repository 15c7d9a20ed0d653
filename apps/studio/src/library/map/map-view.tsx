import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { thumbnailUrl } from '../api/api.ts';
import type { Bounds, LibraryPlace, MapCell } from '../api/types.ts';
import { Thumbnail } from '../grid/thumbnail.tsx';
import { isTaken } from '../keys/is-taken.ts';
import { withChip, withoutParts } from '../search/edit-search.ts';
import { SearchChips } from '../search/search-chips.tsx';
import { useSearchHelp } from '../search/use-search-help.ts';
import { describeError } from '../state/describe-error.ts';
import { useLibrary, useLibraryEngine, useLibraryParts } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { ClusterPanel } from './cluster-panel.tsx';
import { APART_PX, type Cluster, toClusters } from './clusters.ts';
import { MapCanvas } from './map-canvas.tsx';
import {
  boundsOf,
  fitMap,
  joinBounds,
  type MapSize,
  panMap,
  toBoxChip,
  toWorld,
  type MapView as View,
  worldPx,
  zoomMap,
} from './mercator.ts';
import { useMapGestures } from './use-map-gestures.ts';

const EARTH: Bounds = { south: -90, west: -180, north: 90, east: 180 };
const WAIT_MS = 120;
const STEP_PX = 80;
/** Asked for beyond each side, so that moving a little shows what is there. */
const BEYOND = 0.5;

/** Photos where they were taken. */
export function MapView() {
  const engine = useLibraryEngine();
  const search = useLibrary((state) => state.place.search);
  const [start, setStart] = useState<
    { readonly search: string; readonly cells?: readonly MapCell[]; readonly problem?: string } | undefined
  >(undefined);
  useEffect(() => {
    let isCurrent = true;
    engine.api.map(search, 5, EARTH).then(
      (cells) => isCurrent && setStart({ search, cells }),
      (error: unknown) => isCurrent && setStart({ search, problem: describeError(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [engine, search]);
  return (
    <>
      <SearchChips list={undefined} />
      {start === undefined ? (
        <div className="map map-loading" role="status" aria-label="Loading" />
      ) : start.cells === undefined ? (
        <Notice icon="warning" title="The map could not be read" text={start.problem ?? ''} />
      ) : start.cells.length === 0 ? (
        <EmptyMap isSearch={search !== ''} />
      ) : (
        <Stage key={start.search} search={start.search} first={start.cells} />
      )}
    </>
  );
}

function EmptyMap({ isSearch }: { readonly isSearch: boolean }) {
  const engine = useLibraryEngine();
  return isSearch ? (
    <Notice icon="pin" title="Nothing on the map" text="Nothing of what the search finds tells where it was taken.">
      <button type="button" className="button" onClick={() => engine.go({ search: '' })}>
        Show everything
      </button>
    </Notice>
  ) : (
    <Notice
      icon="pin"
      title="No photo tells where it was taken"
      text="Phones, and cameras with a receiver, write the place into photos. Those that have one stand here on a map."
    />
  );
}

function Stage({ search, first }: { readonly search: string; readonly first: readonly MapCell[] }) {
  const engine = useLibraryEngine();
  const theme = useLibrary((state) => state.theme);
  const stage = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<MapSize>({ width: 0, height: 0 });
  const [view, setView] = useState<View | undefined>(undefined);
  const [cells, setCells] = useState(first);
  const [places, setPlaces] = useState<readonly LibraryPlace[]>([]);
  const [chosen, setChosen] = useState<Bounds | undefined>(undefined);
  const help = useSearchHelp(search, undefined);
  const all = useMemo(() => first.map(({ bounds }) => bounds).reduce(joinBounds), [first]);

  useEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (size.width > 0) setView((now) => now ?? fitMap(all, size));
  }, [size, all]);
  useEffect(() => {
    let isThere = true;
    engine.api.places().then(
      (read) => isThere && setPlaces(read),
      () => undefined,
    );
    return () => {
      isThere = false;
    };
  }, [engine]);

  // Cells keep their size within a doubling, so that moving does not shuffle them.
  const step = view === undefined ? undefined : Math.round(view.zoom);
  useEffect(() => {
    if (view === undefined || step === undefined) return undefined;
    let isCurrent = true;
    const timer = setTimeout(() => {
      const cellDeg = Math.max(0.00001, Math.min(90, (360 * APART_PX) / worldPx(step)));
      engine.api.map(search, cellDeg, boundsOf(view, size, BEYOND)).then(
        (read) => isCurrent && setCells(read),
        () => undefined,
      );
    }, WAIT_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [engine, search, view, step, size]);

  const move = useCallback(
    (change: (view: View) => View) => setView((now) => (now === undefined ? now : change(now))),
    [],
  );
  useMapGestures(stage, size, move);
  const clusters = useMemo(() => (view === undefined ? [] : toClusters(cells, view, size)), [cells, view, size]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = (dx: number, dy: number) => move((now) => panMap(now, size, dx, dy));
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => pan(STEP_PX, 0),
      ArrowRight: () => pan(-STEP_PX, 0),
      ArrowUp: () => pan(0, STEP_PX),
      ArrowDown: () => pan(0, -STEP_PX),
      '+': () => move((now) => zoomMap(now, size, 1)),
      '=': () => move((now) => zoomMap(now, size, 1)),
      '-': () => move((now) => zoomMap(now, size, -1)),
      '0': () => setView(fitMap(all, size)),
    };
    const run = keys[event.key];
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  useEscape(chosen !== undefined, () => setChosen(undefined));
  const searchHere = (bounds: Bounds) => {
    const rest = withoutParts(search, help.parts, ({ kind }) => kind === 'box');
    const kept = help.parts.filter(({ kind }) => kind !== 'box');
    engine.go({ view: 'photos', search: withChip(rest, kept, toBoxChip(bounds)) });
  };
  const zoomTo = (bounds: Bounds) => setView(fitMap(bounds, size));
  return (
    <div className="map-stage" data-split={chosen !== undefined || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the map act on it */}
      <div ref={stage} className="map" role="application" aria-label="Map" tabIndex={0} onKeyDown={onKeyDown}>
        {view !== undefined && (
          <>
            <MapCanvas view={view} size={size} theme={theme} />
            <Clusters clusters={clusters} onChoose={({ bounds }) => setChosen(bounds)} />
          </>
        )}
        <div className="map-tools">
          <button
            type="button"
            className="button"
            onClick={() => view !== undefined && searchHere(boundsOf(view, size))}
          >
            <Icon name="search" />
            Search here
          </button>
          <IconButton icon="plus" label="Closer" keys="+" onClick={() => move((now) => zoomMap(now, size, 1))} />
          <IconButton icon="minus" label="Farther" keys="-" onClick={() => move((now) => zoomMap(now, size, -1))} />
          <IconButton icon="fit" label="All of them" keys="0" onClick={() => setView(fitMap(all, size))} />
        </div>
        {places.length > 0 && (
          <ul className="map-places" aria-label="Places">
            {places.slice(0, 60).map(({ id, name, countryName, count, latitude, longitude }) => (
              <li key={id}>
                <button
                  type="button"
                  className="filter-chip"
                  title={countryName}
                  onClick={() => setView({ ...toWorld(longitude, latitude), zoom: 10 })}
                >
                  <Icon name="pin" size={14} />
                  {name}
                  <span className="filter-count">{count.toLocaleString()}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <small className="map-note">Places from GeoNames, outlines from Natural Earth</small>
      </div>
      {chosen !== undefined && (
        <ClusterPanel
          key={toBoxChip(chosen)}
          search={withChip(search, help.parts, toBoxChip(chosen))}
          onZoom={() => zoomTo(chosen)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </div>
  );
}

/** Closes what was taken at a place, where nothing of it is selected or open. */
function useEscape(isOpen: boolean, close: () => void): void {
  const { store } = useLibraryParts();
  const now = useRef(close);
  now.current = close;
  useEffect(() => {
    if (!isOpen) return undefined;
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const { selection, place } = store.getState();
      if (event.key !== 'Escape' || event.defaultPrevented || isTaken(event)) return;
      if (selection.size > 0 || place.assetId !== undefined) return;
      event.preventDefault();
      now.current();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => removeEventListener('keydown', onKeyDown, { capture: true });
  }, [isOpen, store]);
}

function Clusters({
  clusters,
  onChoose,
}: {
  readonly clusters: readonly Cluster[];
  readonly onChoose: (cluster: Cluster) => void;
}) {
  return clusters.map((cluster) => (
    <button
      key={cluster.coverId}
      type="button"
      className="map-cluster"
      aria-label={cluster.count === 1 ? 'One photo here' : `${cluster.count.toLocaleString()} photos here`}
      style={{ transform: `translate(${cluster.x}px, ${cluster.y}px)` }}
      onClick={() => onChoose(cluster)}
    >
      <Thumbnail src={thumbnailUrl({ id: cluster.coverId })} />
      {cluster.count > 1 && <span className="map-count">{cluster.count.toLocaleString()}</span>}
    </button>
  ));
}
