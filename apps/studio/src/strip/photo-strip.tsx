import { type KeyboardEvent, type RefObject, useRef } from 'react';
import { canSave } from '../state/store.ts';
import type { ListedPhoto } from '../state/types.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { usePhotoDrag } from './use-photo-drag.ts';

/** The photos of this sitting. There once there are two. */
export function PhotoStrip({ onPick }: { readonly onPick: () => void }) {
  const engine = useEngine();
  const photos = useStudio((state) => state.sitting);
  const openDialog = useStudio((state) => state.openDialog);
  const isSavable = useStudio(canSave);
  const list = useRef<HTMLOListElement>(null);
  if (photos.length < 2) return null;
  return (
    <nav className="strip" aria-label="Photos of this sitting">
      <ol className="strip-list" ref={list}>
        {photos.map((photo, index) => (
          <StripItem key={photo.id} photo={photo} index={index} count={photos.length} list={list} />
        ))}
      </ol>
      <div className="strip-foot">
        <button type="button" className="icon-button small" title="Add photos" aria-label="Add photos" onClick={onPick}>
          <Icon name="plus" size={17} />
        </button>
        <button
          type="button"
          className="icon-button small"
          title="Apply this look to all photos"
          aria-label="Apply this look to all photos"
          onClick={() => engine.applyToAll()}
        >
          <Icon name="layers" size={17} />
        </button>
        <button
          type="button"
          className="icon-button small"
          title="Save all photos"
          aria-label="Save all photos"
          disabled={!isSavable}
          onClick={() => openDialog('export-all')}
        >
          <Icon name="download" size={17} />
        </button>
      </div>
    </nav>
  );
}

function StripItem({
  photo,
  index,
  count,
  list,
}: {
  readonly photo: ListedPhoto;
  readonly index: number;
  readonly count: number;
  readonly list: RefObject<HTMLOListElement | null>;
}) {
  const engine = useEngine();
  const isShown = useStudio((state) => state.photo?.id === photo.id);
  const { id, name, thumb, problem } = photo;
  const { isDragged, wasDragged, onPointerDown } = usePhotoDrag(id, list, (place) => engine.movePhoto(id, place));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Delete') {
      event.preventDefault();
      event.stopPropagation();
      void engine.removePhoto(id);
    }
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.currentTarget as HTMLElement;
    if (event.altKey) {
      engine.movePhoto(id, index + by);
      requestAnimationFrame(() => button.focus());
    } else {
      list.current?.querySelectorAll<HTMLElement>('.strip-photo')[index + by]?.focus();
    }
  };
  return (
    <li data-photo={id} data-dragged={isDragged || undefined}>
      <button
        type="button"
        className="strip-photo"
        aria-current={isShown || undefined}
        aria-label={`${name}, photo ${index + 1} of ${count}${problem === undefined ? '' : `. ${problem}`}`}
        title={problem ?? name}
        data-bad={problem !== undefined || undefined}
        onPointerDown={onPointerDown}
        onDragStart={(event) => event.preventDefault()}
        onKeyDown={onKeyDown}
        onClick={() => {
          if (!wasDragged()) void engine.show(id);
        }}
      >
        {thumb === undefined ? (
          <Icon name={problem === undefined ? 'open' : 'warning'} size={22} />
        ) : (
          <img src={thumb} alt="" draggable={false} />
        )}
      </button>
      <button
        type="button"
        className="strip-remove"
        title="Take off the list"
        aria-label={`Take ${name} off the list`}
        onClick={() => void engine.removePhoto(id)}
      >
        <Icon name="close" size={13} />
      </button>
    </li>
  );
}
