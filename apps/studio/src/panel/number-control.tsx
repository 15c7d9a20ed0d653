import { type CSSProperties, useId } from 'react';
import type { ParameterInfo } from '../state/types.ts';
import { useSliderDrag } from '../ui/use-slider-drag.ts';
import { useControlActions } from './control-actions.ts';
import { ControlHead } from './control-head.tsx';
import type { ControlProps } from './control-props.ts';
import { NumberEntry } from './number-entry.tsx';
import { createNumberFormat } from './number-format.ts';

type NumberInfo = Extract<ParameterInfo, { type: 'number' | 'integer' }>;

/** A slider with its number beside it. A double click on the slider goes back to the default. */
export function NumberControl({ parameter, value, onChange }: ControlProps<NumberInfo, number>) {
  const drag = useSliderDrag();
  const { reset } = useControlActions();
  const id = useId();
  const format = createNumberFormat(parameter);
  const share = (value - format.min) / (format.max - format.min);
  const origin = format.min < 0 ? -format.min / (format.max - format.min) : 0;
  const style = { '--from': Math.min(share, origin), '--to': Math.max(share, origin), '--at': share } as CSSProperties;
  return (
    <div className="control">
      <ControlHead parameter={parameter} isChanged={value !== parameter.default} htmlFor={id}>
        <NumberEntry label={parameter.title} format={format} value={value} onChange={onChange} />
      </ControlHead>
      <input
        id={id}
        className="slider"
        type="range"
        style={style}
        min={format.min}
        max={format.max}
        step={format.step}
        value={value}
        aria-valuetext={`${format.toText(value)} ${format.unit}`}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
        onDoubleClick={() => reset(parameter.name)}
        {...drag}
      />
    </div>
  );
}
