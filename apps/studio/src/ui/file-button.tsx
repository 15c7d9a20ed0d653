import { useRef } from 'react';
import { Icon, type IconName } from './icons.tsx';

/** Chooses a file, also by dropping one on it. */
export function FileButton({
  label,
  prompt = 'Choose a picture',
  accept = 'image/*',
  icon = 'open',
  description,
  chosen,
  onChoose,
}: {
  readonly label: string;
  /** Said while nothing is chosen. */
  readonly prompt?: string;
  readonly accept?: string;
  /** Stands for a file that is no picture. */
  readonly icon?: IconName;
  readonly description?: string;
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
          <Icon name={icon} size={22} />
        </span>
      ) : (
        <img src={chosen.url} alt="" />
      )}
      <span className="asset-text">
        <strong>{chosen?.name ?? prompt}</strong>
        <span>{chosen === undefined ? 'or drop it here' : 'Choose another'}</span>
      </span>
      <input
        ref={input}
        type="file"
        accept={accept}
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
