import { type CSSProperties, useId } from 'react';
import { Cost } from '../scene/scene-section.tsx';
import { getEdge } from '../state/refine-actions.ts';
import type { Refining } from '../state/types.ts';
import { createTargetNames } from '../steps/target-names.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { Segments } from '../ui/segments.tsx';
import { Switch } from '../ui/switch.tsx';
import { useSliderDrag } from '../ui/use-slider-drag.ts';
import { toRadius, toShare } from './brush-size.ts';

const TOOLS = [
  { value: 'brush', label: 'Brush' },
  { value: 'region', label: 'Region' },
];
const MODES = [
  { value: 'add', label: 'Add' },
  { value: 'remove', label: 'Take away' },
];
const VIEWS = [
  { value: 'tint', label: 'Tint' },
  { value: 'black', label: 'On black' },
  { value: 'result', label: 'Result' },
];
const MOST_FEATHER = 0.02;

/** The means of correcting an edge by hand: in place of the steps while that is done. */
export function RefinePanel({ refining }: { readonly refining: Refining }) {
  const engine = useEngine();
  const { on, tool, mode, view, note } = refining;
  const photo = useStudio((state) => state.photo);
  const brush = useStudio((state) => state.brush);
  const edits = useStudio((state) => state.history.present);
  const scene = useStudio((state) => state.scene);
  const isPicking = useStudio((state) => state.picking !== undefined);
  const setRefining = useStudio((state) => state.setRefining);
  const setBrush = useStudio((state) => state.setBrush);
  const setEdge = useStudio((state) => state.setEdge);
  const resetCorrections = useStudio((state) => state.resetCorrections);
  const stopRefining = useStudio((state) => state.stopRefining);
  const nameOf = createTargetNames(scene.phase === 'ready' ? scene.scene : undefined);
  const longSide = Math.max(photo?.width ?? 1, photo?.height ?? 1);
  const count = edits.corrections.filter((each) => each.on === on).length;
  const others = edits.corrections.length - count;
  const isCoarse = matchMedia('(pointer: coarse)').matches;
  const hint =
    tool === 'region'
      ? `${isCoarse ? 'Tap' : 'Click'} what is to be ${mode === 'add' ? 'added' : 'taken away'}.`
      : isCoarse
        ? 'Paint with one finger, zoom and move with two.'
        : 'Paint in the photo. Alt does the opposite, Space moves the photo.';
  return (
    <section className="refine" aria-label="Refine edges">
      <header className="refine-head">
        <h2>Refine edges</h2>
        <span>{nameOf(on)}</span>
      </header>
      <div className="refine-body">
        <div className="refine-tools">
          <Segments
            label="Tool"
            value={tool}
            options={TOOLS}
            onChange={(value) => {
              setRefining({ tool: value as Refining['tool'] });
              if (value === 'region') void engine.findScene();
            }}
          />
          <Segments
            label="What it does"
            value={mode}
            options={MODES}
            onChange={(value) => setRefining({ mode: value as Refining['mode'] })}
          />
        </div>
        <p className="refine-note" role="status">
          {isPicking
            ? 'Looking at what is there …'
            : tool === 'region' && scene.phase === 'looking'
              ? `${scene.label} …`
              : (note ?? hint)}
        </p>
        {tool === 'region' && scene.phase === 'asking' && <Cost />}
        {tool === 'brush' && (
          <>
            <Slider
              label="Size"
              value={toShare(brush.radius)}
              text={`${Math.max(1, Math.round(2 * brush.radius * longSide))} px`}
              initial={toShare(0.02)}
              onChange={(value) => setBrush({ radius: toRadius(value) })}
            />
            <Slider
              label="Softness"
              value={brush.softness}
              text={`${Math.round(brush.softness * 100)} %`}
              initial={0.3}
              onChange={(softness) => setBrush({ softness })}
            />
            <PressureSwitch />
          </>
        )}
        <h3>The whole edge</h3>
        <Slider
          label="Shift"
          min={-1}
          value={getEdge(edits, on, 'shift')}
          text={toSigned(getEdge(edits, on, 'shift') * 100)}
          initial={0}
          isEdit
          onChange={(value) => setEdge('shift', value)}
        />
        <Slider
          label="Feather"
          max={MOST_FEATHER}
          value={getEdge(edits, on, 'feather')}
          text={`${Math.round(getEdge(edits, on, 'feather') * longSide)} px`}
          initial={0}
          isEdit
          onChange={(value) => setEdge('feather', value)}
        />
        <h3>Show</h3>
        <Segments
          label="Show"
          value={view}
          options={VIEWS}
          onChange={(value) => setRefining({ view: value as Refining['view'] })}
        />
      </div>
      <footer className="refine-foot">
        <button type="button" className="button" disabled={count === 0} onClick={() => resetCorrections(on)}>
          <Icon name="reset" size={16} />
          Reset
        </button>
        {others > 0 && (
          <button
            type="button"
            className="button"
            title="Of all edges of this photo"
            onClick={() => resetCorrections()}
          >
            Reset all
          </button>
        )}
        <span className="spacer" />
        <button type="button" className="button primary" title="Done (Esc)" onClick={stopRefining}>
          <Icon name="check" size={16} />
          Done
        </button>
      </footer>
    </section>
  );
}

function PressureSwitch() {
  const usesPressure = useStudio((state) => state.brush.usesPressure);
  const setBrush = useStudio((state) => state.setBrush);
  const id = useId();
  return (
    <div className="control-head refine-pressure">
      <label className="control-title" htmlFor={id} title="A pen that presses lightly paints a thinner stroke">
        Pen pressure
      </label>
      <span className="control-value">
        <Switch id={id} value={usesPressure} onChange={(value) => setBrush({ usesPressure: value })} />
      </span>
    </div>
  );
}

function Slider({
  label,
  value,
  text,
  initial,
  onChange,
  min = 0,
  max = 1,
  isEdit = false,
}: {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly initial: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  /** Whether it changes the photo: then a drag is one step of the history. */
  readonly isEdit?: boolean;
}) {
  const drag = useSliderDrag();
  const id = useId();
  const share = (value - min) / (max - min);
  const origin = min < 0 ? -min / (max - min) : 0;
  const style = { '--from': Math.min(share, origin), '--to': Math.max(share, origin), '--at': share } as CSSProperties;
  return (
    <div className="control">
      <div className="control-head">
        <label className="control-title" htmlFor={id}>
          {label}
        </label>
        <span className="control-value step-percent">{text}</span>
      </div>
      <input
        id={id}
        className="slider"
        type="range"
        style={style}
        min={min}
        max={max}
        step={(max - min) / 200}
        value={value}
        aria-valuetext={text}
        onChange={(event) => onChange(snap(event.currentTarget.valueAsNumber, (max - min) / 200))}
        onDoubleClick={() => onChange(initial)}
        {...(isEdit && drag)}
      />
    </div>
  );
}

/** Without what floating point adds: a recipe is read by people. */
function snap(value: number, step: number): number {
  return Math.abs(value) < step / 2 ? 0 : Number(value.toFixed(5));
}

function toSigned(percent: number): string {
  const rounded = Math.round(percent);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : '0';
}
