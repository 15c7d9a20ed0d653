import { useId } from 'react';
import type { ParameterInfo } from '../state/types.ts';
import { Switch } from '../ui/switch.tsx';
import { ControlHead } from './control-head.tsx';
import type { ControlProps } from './control-props.ts';

type BooleanInfo = Extract<ParameterInfo, { type: 'boolean' }>;

/** On or off. */
export function SwitchControl({ parameter, value, onChange }: ControlProps<BooleanInfo, boolean>) {
  const id = useId();
  return (
    <div className="control">
      <ControlHead parameter={parameter} isChanged={value !== parameter.default} htmlFor={id}>
        <Switch id={id} value={value} onChange={onChange} />
      </ControlHead>
    </div>
  );
}
