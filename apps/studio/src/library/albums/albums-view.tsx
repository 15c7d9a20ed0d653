import { Icon } from '../../ui/icons.tsx';
import { GridLoading } from '../grid/grid-loading.tsx';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { AlbumList } from './album-list.tsx';
import { AlbumView } from './album-view.tsx';

/** All albums, or the one that is open. */
export function AlbumsView() {
  const engine = useLibraryEngine();
  const albumId = useLibrary((state) => state.place.albumId);
  const albums = useLibrary((state) => state.albums);
  const openDialog = useLibrary((state) => state.openDialog);
  if (albumId !== undefined) return <AlbumView key={albumId} />;
  if (albums === undefined) return <GridLoading />;
  const create = (
    <button type="button" className="button" onClick={() => openDialog('new-album')}>
      <Icon name="plus" />
      New album
    </button>
  );
  if (albums.length === 0) {
    return (
      <Notice
        icon="album"
        title="No albums yet"
        text="Put photos that belong together into an album. They stay in their folders."
      >
        {create}
      </Notice>
    );
  }
  return (
    <div className="view-scroll">
      <div className="view-head">
        <h1>Albums</h1>
        {create}
      </div>
      <AlbumList albums={albums} onOpen={(albumId) => engine.go({ view: 'albums', albumId })} />
    </div>
  );
}
