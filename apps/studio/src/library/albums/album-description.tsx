import { useEffect, useRef, useState } from 'react';
import type { Album } from '../api/types.ts';
import { useLibraryParts } from '../ui/library-context.tsx';

/** A few words below the name of an album, written in place: Enter keeps them, Escape does not. */
export function AlbumDescription({ album }: { readonly album: Album }) {
  const { store, engine } = useLibraryParts();
  const [text, setText] = useState(album.description);
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as high as what is written
  useEffect(() => {
    const { current } = field;
    if (current === null) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [text]);
  const save = async () => {
    const wanted = text.trim();
    if (wanted === album.description) return setText(album.description);
    const isDone = await engine.attempt(async () => {
      store.setState({ album: await engine.api.changeAlbum(album.id, { description: wanted }) });
    });
    if (!isDone) setText(album.description);
  };
  return (
    <textarea
      ref={field}
      className="album-description"
      aria-label="Description of the album"
      placeholder="Add a description"
      rows={1}
      maxLength={5000}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.shiftKey) event.currentTarget.blur();
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        setText(album.description);
      }}
    />
  );
}
