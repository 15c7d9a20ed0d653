import { type CSSProperties, useId } from 'react';
import type { Step } from '../state/types.ts';
import { useStudio } from '../ui/context.tsx';
import { useSliderDrag } from '../ui/use-slider-drag.ts';

/** How much of the step's change is kept. */
export function StepOpacity({ step }: { readonly step: Step }) {
  const setOpacity = useStudio((state) => state.setOpacity);
  const drag = useSliderDrag();
  const id = useId();
  const percent = Math.round(step.opacity * 100);
  const style = { '--from': 0, '--to': step.opacity, '--at': step.opacity } as CSSProperties;
  return (
    <div className="control">
      <div className="control-head">
        <label className="control-title" htmlFor={id} title="How much of this step is kept">
          Amount
        </label>
        <span className="control-value step-percent">{percent} %</span>
      </div>
      <input
        id={id}
        className="slider"
        type="range"
        style={style}
        min={0}
        max={100}
        value={percent}
        aria-valuetext={`${percent} %`}
        onChange={(event) => setOpacity(event.currentTarget.valueAsNumber / 100)}
        onDoubleClick={() => setOpacity(1)}
        {...drag}
      />
    </div>
  );
}
