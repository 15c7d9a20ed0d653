import { useEffect } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { countOf } from '../state/library-engine.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { AlbumCover } from './album-card.tsx';
import { AlbumNameForm } from './album-name-form.tsx';

/** Puts what is selected into an album, or into a new one. */
export function AddToAlbumDialog() {
  const engine = useLibraryEngine();
  const selection = useLibrary((state) => state.selection);
  const albums = useLibrary((state) => state.albums);
  const openDialog = useLibrary((state) => state.openDialog);
  const ids = [...selection];
  useEffect(() => void engine.loadAlbums(), [engine]);
  const close = () => openDialog(undefined);
  const create = async (name: string) => {
    if (await engine.createAlbum(name, ids)) close();
  };
  const own = albums?.filter(({ query, isLocked }) => query === undefined && !isLocked) ?? [];
  return (
    <Dialog title={`Add ${countOf(ids)} to an album`} onClose={close}>
      {own.length > 0 && (
        <ul className="album-choices">
          {own.map((album) => (
            <li key={album.id}>
              <button
                type="button"
                className="album-choice"
                onClick={() => {
                  close();
                  void engine.addToAlbum(album, ids);
                }}
              >
                <AlbumCover coverId={album.coverId} />
                <strong>{album.name}</strong>
                <span>{countOf({ length: album.count })}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <AlbumNameForm onCreate={create} />
    </Dialog>
  );
}
