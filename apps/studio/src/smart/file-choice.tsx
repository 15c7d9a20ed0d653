import { useId, useRef } from 'react';
import { Icon } from '../ui/icons.tsx';

/** Chooses files, and lists those that are chosen. */
export function FileChoice({
  label,
  hint,
  accept,
  chosen,
  onChoose,
  onRemove,
}: {
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  /** Their names. */
  readonly chosen: readonly string[];
  readonly onChoose: (files: readonly File[]) => void;
  readonly onRemove: (name: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();
  return (
    <div className="smart-files">
      <button
        type="button"
        className="button quiet small"
        aria-describedby={hintId}
        onClick={() => input.current?.click()}
      >
        <Icon name="open" size={15} />
        {label} …
      </button>
      <p className="scene-note" id={hintId}>
        {hint}
      </p>
      {chosen.length > 0 && (
        <ul>
          {chosen.map((name) => (
            <li key={name}>
              <span>{name}</span>
              <button
                type="button"
                className="icon-button small"
                aria-label={`Take ${name} away`}
                onClick={() => onRemove(name)}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={accept.startsWith('image')}
        hidden
        aria-label={label}
        onChange={(event) => {
          onChoose([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
