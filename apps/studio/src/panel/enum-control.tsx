import { useId } from 'react';
import type { ParameterInfo } from '../state/types.ts';
import { Segments } from '../ui/segments.tsx';
import { ControlHead } from './control-head.tsx';
import type { ControlProps } from './control-props.ts';
import { drawGlyph } from './glyph.tsx';

type EnumInfo = Extract<ParameterInfo, { type: 'enum' }>;

/** More than these are chosen from a list. */
const MAX_BUTTONS = 8;

/** One of a few: buttons beside each other, with a small drawing where there is one. */
export function EnumControl({ parameter, value, onChange }: ControlProps<EnumInfo, string>) {
  const id = useId();
  if (parameter.values.length > MAX_BUTTONS) {
    return (
      <div className="control">
        <ControlHead parameter={parameter} isChanged={value !== parameter.default} htmlFor={id} />
        <select id={id} className="select wide" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {parameter.values.map((each) => (
            <option key={each} value={each}>
              {toLabel(each)}
            </option>
          ))}
        </select>
      </div>
    );
  }
  return (
    <div className="control">
      <ControlHead parameter={parameter} isChanged={value !== parameter.default} />
      <Segments
        label={parameter.title}
        value={value}
        options={parameter.values.map((each) => ({
          value: each,
          label: toLabel(each),
          glyph: drawGlyph(each),
        }))}
        onChange={onChange}
      />
    </div>
  );
}

/** `display-p3` → `Display p3`; the schema's values are English words. American spelling in code, British on screen. */
function toLabel(value: string): string {
  const words = value.replaceAll('-', ' ').replace(/\bcolor\b/, 'colour');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
