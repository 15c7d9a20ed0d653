import { useState } from 'react';

/** Text to type, taken over with Enter or on leaving where it is valid. */
export function TextEntry({
  label,
  value,
  isValid,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly isValid: (text: string) => boolean;
  readonly onChange: (value: string) => void;
}) {
  const [draft, setDraft] = useState<string>();
  const commit = () => {
    if (draft !== undefined && isValid(draft.trim())) onChange(draft.trim().toLowerCase());
    setDraft(undefined);
  };
  return (
    <span className="number-entry text">
      <input
        type="text"
        spellCheck={false}
        aria-label={label}
        aria-invalid={draft !== undefined && !isValid(draft.trim())}
        value={draft ?? value}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(undefined);
        }}
      />
    </span>
  );
}
