import { useId } from 'react';
import type { ParameterInfo } from '../state/types.ts';
import { ControlHead } from './control-head.tsx';
import type { ControlProps } from './control-props.ts';
import { TextEntry } from './text-entry.tsx';

type StringInfo = Extract<ParameterInfo, { type: 'string' }>;

/** Backdrops as photographers have them: paper white to black, and colours that let a subject stand out. */
const SWATCHES = [
  ['#ffffff', 'White'],
  ['#e9e4dc', 'Paper'],
  ['#9a9a9a', 'Grey'],
  ['#17171a', 'Black'],
  ['#f3c9b6', 'Peach'],
  ['#f2c14e', 'Amber'],
  ['#d9534f', 'Red'],
  ['#4f8f6b', 'Green'],
  ['#7fb2d9', 'Sky'],
  ['#2f4b8f', 'Blue'],
] as const;

/** Swatches, the system's colour picker, and the colour as text. */
export function ColorControl({ parameter, value, onChange }: ControlProps<StringInfo, string>) {
  const labelId = useId();
  const hex = toHex(value);
  return (
    <div className="control">
      <ControlHead parameter={parameter} isChanged={value !== parameter.default} labelId={labelId}>
        <TextEntry label={`${parameter.title}, value`} value={value} isValid={isColorText} onChange={onChange} />
      </ControlHead>
      <div className="swatches" role="group" aria-labelledby={labelId}>
        {SWATCHES.map(([color, name]) => (
          <button
            key={color}
            type="button"
            className="swatch"
            style={{ background: color }}
            title={name}
            aria-label={name}
            aria-pressed={hex === color}
            onClick={() => onChange(color)}
          />
        ))}
        <label className="swatch custom" title="Any colour">
          <span className="visually-hidden">Any colour</span>
          <input type="color" value={hex} onChange={(event) => onChange(event.currentTarget.value)} />
        </label>
      </div>
    </div>
  );
}

/** Hex colours of 3 or 6 digits, or a name that the browser knows. Whether an effect takes it is for its schema. */
function isColorText(text: string): boolean {
  return /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text);
}

/** What the system's picker takes: six digits. */
function toHex(value: string): string {
  if (/^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase();
  if (/^#[0-9a-f]{3}$/i.test(value)) return `#${value.slice(1).replaceAll(/./g, '$&$&')}`.toLowerCase();
  return '#000000';
}
