import { useState } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { Album } from '../api/types.ts';
import { AssetGrid } from '../grid/asset-grid.tsx';
import { GridLoading } from '../grid/grid-loading.tsx';
import type { AssetList } from '../list/asset-list.ts';
import { useSearchHelp } from '../search/use-search-help.ts';
import { countOf } from '../state/library-engine.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useLibrary, useLibraryEngine, useLibraryParts } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { AlbumDescription } from './album-description.tsx';
import { LockButton, LockedAlbum, PrivateDialog } from './private-album.tsx';
import { ShareDialog } from './share-dialog.tsx';

/** One album: its name, which can be changed, and its photos. */
export function AlbumView() {
  const engine = useLibraryEngine();
  const album = useLibrary((state) => state.album);
  const list = useLibrary((state) => state.list);
  const [dialog, setDialog] = useState<'delete' | 'share' | 'private'>();
  const close = () => setDialog(undefined);
  if (album?.isLocked) return <LockedAlbum key={album.id} album={album} />;
  if (album === undefined || list === undefined) return <GridLoading />;
  const remove = () =>
    void engine.attempt(async () => {
      await engine.api.removeAlbum(album.id);
      engine.go({ view: 'albums', albumId: undefined }, 'replace');
    });
  return (
    <>
      <div className="view-head album-head">
        <IconButton
          icon="previous"
          label="All albums"
          onClick={() => engine.go({ view: 'albums', albumId: undefined })}
        />
        <AlbumName key={`${album.id} ${album.name}`} album={album} />
        <AlbumCount list={list} />
        {album.query !== undefined && <AlbumSearch key={album.query} album={album} query={album.query} />}
        <span className="spacer" />
        {album.isPrivate ? (
          <LockButton />
        ) : (
          <IconButton icon="share" label="Share by link" onClick={() => setDialog('share')} />
        )}
        {album.query === undefined && (
          <IconButton
            icon={album.isPrivate ? 'sliders' : 'lock'}
            label={album.isPrivate ? 'Password of the album' : 'Make private'}
            onClick={() => setDialog('private')}
          />
        )}
        <IconButton icon="trash" label="Delete the album" onClick={() => setDialog('delete')} />
      </div>
      <AlbumDescription key={`${album.id} ${album.description}`} album={album} />
      <AlbumPhotos list={list} album={album} />
      {dialog === 'share' && <ShareDialog album={album} onClose={close} />}
      {dialog === 'private' && <PrivateDialog album={album} onClose={close} />}
      {dialog === 'delete' && (
        <ConfirmDialog
          title={`Delete ${album.name}?`}
          text={
            album.isPrivate
              ? 'Only the album goes: its photos stay in the library, and are seen everywhere again.'
              : 'Only the album goes: its photos stay in the library.'
          }
          action="Delete the album"
          onClose={close}
          onConfirm={remove}
        />
      )}
    </>
  );
}

/** What a smart album searches for, which can be changed. */
function AlbumSearch({ album, query }: { readonly album: Album; readonly query: string }) {
  const engine = useLibraryEngine();
  const [text, setText] = useState(query);
  const help = useSearchHelp(text, undefined);
  const problem = help.text === text ? help.problem : undefined;
  const save = async () => {
    if (text.trim() === query) return setText(query);
    if (text.trim() === '' || !(await engine.changeSearch(album.id, text.trim()))) setText(query);
  };
  return (
    <span className="album-search">
      <Icon name="search" size={15} />
      <input
        aria-label="What it searches for"
        aria-invalid={problem !== undefined}
        title={problem === undefined ? undefined : `${problem.detail} ${problem.hint ?? ''}`}
        value={text}
        maxLength={2000}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => void save()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setText(query);
        }}
      />
    </span>
  );
}

function AlbumCount({ list }: { readonly list: AssetList }) {
  const { count, isExact } = useStore(list.store, (state) => state.total);
  const phase = useStore(list.store, (state) => state.phase);
  if (phase !== 'ready') return null;
  return (
    <span className="album-count">
      {countOf({ length: count })}
      {isExact ? '' : ' or more'}
    </span>
  );
}

function AlbumName({ album }: { readonly album: Album }) {
  const { store, engine } = useLibraryParts();
  const [name, setName] = useState(album.name);
  const save = async () => {
    const wanted = name.trim();
    if (wanted === album.name) return;
    if (wanted === '') return setName(album.name);
    const isDone = await engine.attempt(async () => {
      store.setState({ album: await engine.api.changeAlbum(album.id, { name: wanted }) });
    });
    if (!isDone) setName(album.name);
  };
  return (
    <input
      className="album-name"
      aria-label="Name of the album"
      value={name}
      maxLength={200}
      size={Math.max(8, name.length)}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        setName(album.name);
      }}
    />
  );
}

function AlbumPhotos({ list, album }: { readonly list: AssetList; readonly album: Album }) {
  const { phase, problem, sections } = useStore(list.store);
  const engine = useLibraryEngine();
  if (phase === 'loading') return <GridLoading />;
  if (phase === 'failed') return <Notice icon="warning" title="The album could not be read" text={problem ?? ''} />;
  if (sections.length > 0) return <AssetGrid list={list} label={album.name} isOrdered={album.query === undefined} />;
  return album.query === undefined ? (
    <Notice icon="album" title="Nothing in it yet" text="Select photos and choose the album sign to put them here.">
      <button type="button" className="button" onClick={() => engine.go({ view: 'photos', albumId: undefined })}>
        To the photos
      </button>
    </Notice>
  ) : (
    <Notice icon="search" title="Nothing found" text={album.problem ?? `Nothing fits its search: ${album.query}`} />
  );
}
