import { useRef } from 'react';
import { Icon } from './icons.tsx';

/** Chooses a picture, also by dropping one on it. */
export function PictureButton({
  label,
  description,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly description?: string;
  /** Without a URL, an icon stands for it. */
  readonly chosen?: { readonly name: string; readonly url?: string } | undefined;
  readonly onChoose: (file: File) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (file !== undefined) onChoose(file);
  };
  return (
    <button
      type="button"
      className="asset"
      data-asset-drop
      title={description}
      onClick={() => input.current?.click()}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        take(event.dataTransfer.files[0]);
      }}
    >
      {chosen?.url === undefined ? (
        <span className="asset-icon">
          <Icon name="open" size={22} />
        </span>
      ) : (
        <img src={chosen.url} alt="" />
      )}
      <span className="asset-text">
        <strong>{chosen?.name ?? 'Choose a picture'}</strong>
        <span>{chosen === undefined ? 'or drop it here' : 'Choose another'}</span>
      </span>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={label}
        onClick={(event) => event.stopPropagation()}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </button>
  );
}
