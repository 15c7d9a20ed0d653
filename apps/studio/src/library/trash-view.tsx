import { useStore } from 'zustand';
import { AssetGrid } from './grid/asset-grid.tsx';
import { GridLoading } from './grid/grid-loading.tsx';
import type { AssetList } from './list/asset-list.ts';
import { useLibrary } from './ui/library-context.tsx';
import { Notice } from './ui/notice.tsx';

/** What was thrown away; it can be brought back. */
export function TrashView() {
  const list = useLibrary((state) => state.list);
  return list === undefined ? <GridLoading /> : <Trashed list={list} />;
}

function Trashed({ list }: { readonly list: AssetList }) {
  const { phase, problem, sections } = useStore(list.store);
  if (phase === 'loading') return <GridLoading />;
  if (phase === 'failed') return <Notice icon="warning" title="The trash could not be read" text={problem ?? ''} />;
  if (sections.length === 0) {
    return (
      <Notice
        icon="trash"
        title="The trash is empty"
        text="What you throw away comes here and can be brought back. Files on your disk stay where they are."
      />
    );
  }
  return (
    <>
      <div className="view-head">
        <h1>Trash</h1>
        <p>Select what you want back. Files on your disk stay where they are.</p>
      </div>
      <AssetGrid list={list} label="Trash" />
    </>
  );
}
