import { useState } from 'react';
import type { NumberFormat } from './number-format.ts';

/** A number to type. Taken over with Enter or on leaving; Escape gives the old one back; arrows step. */
export function NumberEntry({
  label,
  format,
  value,
  onChange,
}: {
  readonly label: string;
  readonly format: NumberFormat;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const [draft, setDraft] = useState<string>();
  const commit = () => {
    const next = draft === undefined ? undefined : format.fromText(draft);
    if (next !== undefined) onChange(next);
    setDraft(undefined);
  };
  const stepBy = (steps: number) => {
    const next = format.fromText(format.toText(value + steps * format.step));
    if (next !== undefined) onChange(next);
  };
  return (
    <span className="number-entry">
      <input
        type="text"
        inputMode="decimal"
        aria-label={`${label}, value`}
        value={draft ?? format.toText(value)}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          else if (event.key === 'Escape') setDraft(undefined);
          else if (event.key === 'ArrowUp') stepBy(event.shiftKey ? 10 : 1);
          else if (event.key === 'ArrowDown') stepBy(event.shiftKey ? -10 : -1);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {format.unit !== '' && <span className="unit">{format.unit}</span>}
    </span>
  );
}
