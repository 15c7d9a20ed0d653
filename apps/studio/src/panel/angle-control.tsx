import { type KeyboardEvent, type PointerEvent, useId } from 'react';
import type { ParameterInfo } from '../state/types.ts';
import { useControlActions } from './control-actions.ts';
import { ControlHead } from './control-head.tsx';
import type { ControlProps } from './control-props.ts';
import { NumberEntry } from './number-entry.tsx';
import { createNumberFormat } from './number-format.ts';

type NumberInfo = Extract<ParameterInfo, { type: 'number' | 'integer' }>;

const SNAP_DEG = 15;

/** A dial: 0° points up, clockwise. Shift snaps to 15°. */
export function AngleControl({ parameter, value, onChange }: ControlProps<NumberInfo, number>) {
  const { setDragging } = useControlActions();
  const labelId = useId();
  const format = createNumberFormat(parameter);
  const set = (degrees: number) => {
    const span = format.max - format.min;
    const turned = format.min + ((((degrees - format.min) % span) + span) % span);
    const next = format.fromText(String(turned));
    if (next !== undefined) onChange(next);
  };
  const turn = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const dx = event.clientX - box.left - box.width / 2;
    const dy = event.clientY - box.top - box.height / 2;
    const degrees = (Math.atan2(dx, -dy) * 180) / Math.PI;
    // Where the range is less than a turn (a hexagon looks the same after 60°), the dial counts within it.
    set(event.shiftKey ? Math.round(degrees / SNAP_DEG) * SNAP_DEG : degrees);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? SNAP_DEG : 1;
    if (event.key === 'ArrowRight' || event.key === 'ArrowUp') set(value + step);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') set(value - step);
    else if (event.key === 'Home') set(format.min);
    else return;
    event.preventDefault();
  };
  return (
    <div className="control angle">
      <ControlHead parameter={parameter} isChanged={value !== parameter.default} labelId={labelId}>
        <NumberEntry label={parameter.title} format={format} value={value} onChange={onChange} />
      </ControlHead>
      <div
        className="dial"
        role="slider"
        tabIndex={0}
        aria-labelledby={labelId}
        aria-valuemin={format.min}
        aria-valuemax={format.max}
        aria-valuenow={value}
        aria-valuetext={`${format.toText(value)}°`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
          turn(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) turn(event);
        }}
        onPointerUp={() => setDragging(false)}
        onPointerCancel={() => setDragging(false)}
        onKeyDown={onKeyDown}
      >
        <span className="dial-hand" style={{ transform: `rotate(${value}deg)` }} />
      </div>
    </div>
  );
}
