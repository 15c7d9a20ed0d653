import { useId } from 'react';
import type { ParameterInfo } from '../state/types.ts';
import { ControlHead } from './control-head.tsx';
import type { ControlProps } from './control-props.ts';

type StringInfo = Extract<ParameterInfo, { type: 'string' }>;

/** Words of the user's own, over several lines. */
export function TextControl({ parameter, value, onChange }: ControlProps<StringInfo, string>) {
  const id = useId();
  return (
    <div className="control">
      <ControlHead parameter={parameter} isChanged={value !== parameter.default} htmlFor={id} />
      <textarea
        id={id}
        className="text-area"
        rows={2}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
