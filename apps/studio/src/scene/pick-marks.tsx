import type { Point } from '@focal/core';
import type { CSSProperties } from 'react';
import { useStudio } from '../ui/context.tsx';

/** Where something is being picked, and the cross that keys move. Lies over the photo's frame. */
export function PickMarks() {
  const picking = useStudio((state) => state.picking);
  const aim = useStudio((state) => state.aim);
  return (
    <div className="pick-marks" aria-hidden="true">
      {picking !== undefined && <span className="pick-ring" style={toStyle(picking)} />}
      {aim !== undefined && <span className="pick-aim" style={toStyle(aim)} />}
    </div>
  );
}

function toStyle({ x, y }: Point): CSSProperties {
  return { left: `${x * 100}%`, top: `${y * 100}%` };
}
