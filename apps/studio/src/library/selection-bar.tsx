import { IconButton } from '../ui/icon-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { findAsset } from './list/section.ts';
import { countOf } from './state/library-engine.ts';
import { useLibrary, useLibraryParts } from './ui/library-context.tsx';

/** What can be done with all that is selected. */
export function SelectionBar() {
  const { engine, store } = useLibraryParts();
  const isMoving = useLibrary((state) => state.isMoving);
  const selection = useLibrary((state) => state.selection);
  const place = useLibrary((state) => state.place);
  const album = useLibrary((state) => state.album);
  const list = useLibrary((state) => state.list);
  const openDialog = useLibrary((state) => state.openDialog);
  const ids = [...selection];
  const sections = list?.store.getState().sections ?? [];
  const areFavourites = ids.every((id) => {
    const at = findAsset(sections, id);
    return at !== undefined && sections[at.section]?.assets[at.index]?.isFavourite === true;
  });
  const toggleFavourite = async () => {
    await engine.setFavourite(ids, !areFavourites);
    engine.clearSelection();
  };
  return (
    <header className="top-bar selection-bar" aria-label="Selection">
      <div className="bar-side">
        <IconButton icon="close" label="Select nothing" keys="Esc" onClick={engine.clearSelection} />
        <strong role="status">{isMoving ? 'Choose the photo that they go before' : countOf(ids)}</strong>
      </div>
      <div className="bar-side end">
        {place.view === 'trash' ? (
          <button type="button" className="button primary" onClick={() => void engine.restore(ids)}>
            <Icon name="undo" />
            Restore
          </button>
        ) : (
          <>
            <IconButton
              icon={areFavourites ? 'heart-full' : 'heart'}
              label={areFavourites ? 'No longer favourites' : 'Favourites'}
              keys="F"
              onClick={() => void toggleFavourite()}
            />
            <IconButton icon="album" label="Add to an album" keys="A" onClick={() => openDialog('add-to-album')} />
            <IconButton icon="download" label="Save" keys="S" onClick={() => openDialog('export')} />
            {album !== undefined && ids.length === 1 && (
              <IconButton
                icon="library"
                label={`Use as the cover of ${album.name}`}
                onClick={() => void engine.useAsCover(ids[0] as number)}
              />
            )}
            {album !== undefined && album.query === undefined && (
              <IconButton
                icon="grip"
                label="Move"
                isPressed={isMoving}
                onClick={() => store.setState({ isMoving: !isMoving })}
              />
            )}
            {album !== undefined && album.query === undefined && (
              <IconButton
                icon="minus"
                label={`Take out of ${album.name}`}
                onClick={() => void engine.removeFromAlbum(ids)}
              />
            )}
            <IconButton icon="trash" label="To the trash" keys="Del" onClick={() => void engine.trash(ids)} />
          </>
        )}
      </div>
    </header>
  );
}
