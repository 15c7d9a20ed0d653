import { type ReactNode, useId } from 'react';

export interface SegmentOption {
  readonly value: string;
  readonly label: string;
  readonly glyph?: ReactNode;
}

/** Letters that fit a row of the narrowest panel, and what stands around a label, in letters. */
const [MOST_LETTERS, PADDING] = [40, 2];

/** One of a few options as buttons in a row; radio buttons underneath, so that arrow keys and screen readers work. */
export function Segments({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SegmentOption[];
  readonly onChange: (value: string) => void;
}) {
  const name = useId();
  // Every label is to be read in full: what does not fit one row stands in two.
  const letters = options.reduce((sum, { label: { length } }) => sum + length + PADDING, 0);
  const columns = options.length > 4 || letters > MOST_LETTERS ? Math.ceil(options.length / 2) : options.length;
  return (
    <div
      className="segments"
      role="radiogroup"
      aria-label={label}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(min-content, 1fr))` }}
      data-glyphs={options.some((option) => Boolean(option.glyph)) || undefined}
    >
      {options.map((option) => (
        <label key={option.value} className="segment" title={option.label}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className="segment-face">
            {option.glyph}
            <span className="segment-label">{option.label}</span>
          </span>
        </label>
      ))}
    </div>
  );
}
