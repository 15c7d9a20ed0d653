import { type DragEvent, type KeyboardEvent, useState } from 'react';
import type { Album } from '../api/types.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';
import { AlbumCard } from './album-card.tsx';

/** Albums in an order of their own: dragged, or moved with Alt and the arrow keys. */
export function AlbumList({
  albums,
  onOpen,
}: {
  readonly albums: readonly Album[];
  readonly onOpen: (id: number) => void;
}) {
  const engine = useLibraryEngine();
  const [dragged, setDragged] = useState<number | undefined>(undefined);
  /** The album that it would go before; `undefined` of a dragged one for the end. */
  const [mark, setMark] = useState<{ readonly over: number; readonly isAfter: boolean } | undefined>(undefined);

  const end = () => {
    setDragged(undefined);
    setMark(undefined);
  };
  const over = (event: DragEvent<HTMLElement>, id: number) => {
    if (dragged === undefined) return;
    event.preventDefault();
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const isAfter = event.clientX > left + width / 2;
    if (mark?.over !== id || mark.isAfter !== isAfter) setMark({ over: id, isAfter });
  };
  const drop = (event: DragEvent<HTMLElement>) => {
    event.preventDefault();
    if (dragged !== undefined && mark !== undefined) {
      const at = albums.findIndex(({ id }) => id === mark.over);
      void engine.moveAlbum(dragged, mark.isAfter ? albums[at + 1]?.id : mark.over);
    }
    end();
  };
  const move = (event: KeyboardEvent, index: number) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const album = albums[index];
    if (!event.altKey || step === undefined || album === undefined) return;
    event.preventDefault();
    if (albums[index + step] === undefined) return;
    void engine.moveAlbum(album.id, albums[step < 0 ? index - 1 : index + 2]?.id);
  };
  return (
    <ul className="album-list">
      {albums.map((album, index) => (
        <li
          key={album.id}
          draggable
          data-dragged={dragged === album.id || undefined}
          data-mark={mark?.over === album.id ? (mark.isAfter ? 'after' : 'before') : undefined}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            setDragged(album.id);
          }}
          onDragOver={(event) => over(event, album.id)}
          onDrop={drop}
          onDragEnd={end}
          onKeyDown={(event) => move(event, index)}
        >
          <AlbumCard album={album} onOpen={() => onOpen(album.id)} />
        </li>
      ))}
    </ul>
  );
}
