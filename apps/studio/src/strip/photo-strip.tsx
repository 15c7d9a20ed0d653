import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { canSave } from '../state/store.ts';
import type { ListedPhoto } from '../state/types.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';

/** A pointer that went less far has pressed, not dragged, in CSS pixels. */
const STILL_PX = 6;

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
  readonly list: { readonly current: HTMLOListElement | null };
}) {
  const engine = useEngine();
  const isShown = useStudio((state) => state.photo?.id === photo.id);
  const [isDragged, setDragged] = useState(false);
  const wasDragged = useRef(false);
  const { id, name, thumb } = photo;

  const startDrag = (event: PointerEvent) => {
    // By touch a drag scrolls the list; there photos are moved by keys or a mouse.
    wasDragged.current = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const start = { x: event.clientX, y: event.clientY };
    const pointer = event.pointerId;
    const onMove = (moved: globalThis.PointerEvent) => {
      if (moved.pointerId !== pointer) return;
      if (!wasDragged.current && Math.hypot(moved.clientX - start.x, moved.clientY - start.y) < STILL_PX) return;
      wasDragged.current = true;
      setDragged(true);
      const items = [...(list.current?.querySelectorAll<HTMLElement>(':scope > li') ?? [])];
      const before = items.filter((item) => {
        if (item.dataset.photo === String(id)) return false;
        const { top, left, width, height } = item.getBoundingClientRect();
        const isRow = width > 0 && (list.current?.scrollWidth ?? 0) > (list.current?.clientHeight ?? 0) * 2;
        return isRow ? moved.clientX > left + width / 2 : moved.clientY > top + height / 2;
      });
      engine.movePhoto(id, before.length);
    };
    const onEnd = (ended: globalThis.PointerEvent) => {
      if (ended.pointerId !== pointer) return;
      removeEventListener('pointermove', onMove);
      removeEventListener('pointerup', onEnd);
      removeEventListener('pointercancel', onEnd);
      setDragged(false);
    };
    addEventListener('pointermove', onMove);
    addEventListener('pointerup', onEnd);
    addEventListener('pointercancel', onEnd);
  };
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
        aria-label={`${name}, photo ${index + 1} of ${count}`}
        title={name}
        onPointerDown={startDrag}
        onDragStart={(event) => event.preventDefault()}
        onKeyDown={onKeyDown}
        onClick={() => {
          if (!wasDragged.current) void engine.show(id);
        }}
      >
        {thumb === undefined ? <Icon name="open" size={22} /> : <img src={thumb} alt="" draggable={false} />}
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
