import { useEffect } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui/icon-button.tsx';
import { AssetGrid } from '../grid/asset-grid.tsx';
import { GridLoading } from '../grid/grid-loading.tsx';
import type { AssetList } from '../list/asset-list.ts';
import { countOf } from '../state/library-engine.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';

/** What was taken at a place on the map. */
export function ClusterPanel({
  search,
  onZoom,
  onClose,
}: {
  readonly search: string;
  readonly onZoom: () => void;
  readonly onClose: () => void;
}) {
  const engine = useLibraryEngine();
  const list = useLibrary((state) => state.list);
  useEffect(() => engine.showSearch(search), [engine, search]);
  return (
    <section className="map-panel" aria-label="Taken here">
      <header className="map-panel-head">
        {list === undefined ? <span /> : <PanelCount list={list} />}
        <button type="button" className="link-button" onClick={onZoom}>
          Zoom in
        </button>
        <button type="button" className="link-button" onClick={() => engine.go({ view: 'photos', search })}>
          Show in photos
        </button>
        <IconButton icon="close" label="Close what was taken here" onClick={onClose} />
      </header>
      {list === undefined ? <GridLoading /> : <Panel list={list} />}
    </section>
  );
}

function PanelCount({ list }: { readonly list: AssetList }) {
  const phase = useStore(list.store, (state) => state.phase);
  const { count, isExact } = useStore(list.store, (state) => state.total);
  return (
    <strong role="status">
      {phase === 'ready' ? `${countOf({ length: count })}${isExact ? '' : ' or more'}` : ''}
    </strong>
  );
}

function Panel({ list }: { readonly list: AssetList }) {
  const { phase, problem } = useStore(list.store);
  if (phase === 'loading') return <GridLoading />;
  if (phase === 'failed') return <Notice icon="warning" title="Photos could not be listed" text={problem ?? ''} />;
  return <AssetGrid list={list} label="Taken here" />;
}
