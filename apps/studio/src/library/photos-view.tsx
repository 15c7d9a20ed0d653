import { useStore } from 'zustand';
import { Icon } from '../ui/icons.tsx';
import { EmptyLibrary } from './folders/empty-library.tsx';
import { AssetGrid } from './grid/asset-grid.tsx';
import { GridLoading } from './grid/grid-loading.tsx';
import type { AssetList } from './list/asset-list.ts';
import { SearchChips } from './search/search-chips.tsx';
import { useSearchHelp } from './search/use-search-help.ts';
import { useLibrary, useLibraryEngine } from './ui/library-context.tsx';
import { Notice } from './ui/notice.tsx';

/** The timeline, or what a search finds. */
export function PhotosView() {
  const list = useLibrary((state) => state.list);
  const search = useLibrary((state) => state.place.search);
  const hasAny = useLibrary(({ progress }) => progress !== undefined && progress.assets > 0);
  const isKnown = useLibrary(({ progress }) => progress !== undefined);
  if (isKnown && !hasAny && search === '') return <EmptyLibrary />;
  return (
    <>
      {hasAny && <SearchChips list={list} />}
      {list === undefined ? <GridLoading /> : <Listed key={list.isTimeline ? 'all' : search} list={list} />}
    </>
  );
}

function Listed({ list }: { readonly list: AssetList }) {
  const engine = useLibraryEngine();
  const phase = useStore(list.store, (state) => state.phase);
  const problem = useStore(list.store, (state) => state.problem);
  const isEmpty = useStore(list.store, (state) => state.sections.length === 0);
  const search = useLibrary((state) => state.place.search);
  const { problem: misread, meant } = useSearchHelp(search, undefined);
  const takeMeant = meant !== undefined && (
    <button type="button" className="button primary" onClick={() => engine.go({ search: meant })}>
      Search for {meant}
    </button>
  );
  if (phase === 'failed' && misread !== undefined) {
    const { detail, hint = '' } = misread;
    return (
      <Notice icon="search" title="This search is not understood" text={`${detail} ${hint}`}>
        {takeMeant}
        <button type="button" className="button" onClick={() => document.getElementById('library-search')?.focus()}>
          Change it
        </button>
      </Notice>
    );
  }
  if (phase === 'failed') {
    return (
      <Notice icon="warning" title="Photos could not be listed" text={problem ?? ''}>
        <button type="button" className="button primary" onClick={() => void list.refresh()}>
          <Icon name="reset" />
          Try again
        </button>
      </Notice>
    );
  }
  if (phase === 'loading') return <GridLoading />;
  if (isEmpty && !list.isTimeline) {
    return (
      <Notice
        icon="search"
        title="Nothing found"
        text={
          meant === undefined
            ? 'No photo or video has all of this. Take a part of the search away.'
            : `No photo or video has all of this. Did you mean ${meant}?`
        }
      >
        {takeMeant}
        <button type="button" className="button" onClick={() => engine.go({ search: '' })}>
          Show everything
        </button>
      </Notice>
    );
  }
  return <AssetGrid list={list} label={list.isTimeline ? 'All photos and videos' : 'What was found'} />;
}
