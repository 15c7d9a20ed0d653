import type { ParameterInfo } from '@focal/core';
import type { DrawWish, LiveMode } from '@focal/web';
import { useState } from 'react';
import { AngleControl } from '../../panel/angle-control.tsx';
import { EnumControl } from '../../panel/enum-control.tsx';
import { NumberControl } from '../../panel/number-control.tsx';
import { Segments } from '../../ui/segments.tsx';
import { SheetHandle } from '../../ui/sheet-handle.tsx';
import { canLock, type LivePreset } from '../state/live-settings.ts';
import { isMirrored } from '../state/live-store.ts';
import { useLive } from '../ui/live-context.tsx';
import { BackdropSection } from './backdrop-section.tsx';
import { HideSection } from './hide-section.tsx';
import { SourceSection } from './source-section.tsx';
import { Toggle } from './toggle.tsx';

const PRESET_OPTIONS = [
  { value: 'fast', label: 'Fast' },
  { value: 'balanced', label: 'Balanced' },
  { value: 'quality', label: 'Quality' },
];
const MODE_OPTIONS = [
  { value: 'subject', label: 'One subject' },
  { value: 'everyone', label: 'Everyone' },
  { value: 'hide', label: 'Hide' },
];
const DRAWN_BY_OPTIONS = [
  { value: 'auto', label: 'Automatic' },
  { value: 'card', label: 'Graphics card' },
  { value: 'processor', label: 'Processor' },
];
const LEADS = {
  subject: 'Click a person or a thing to keep it sharp. Alt and a click, or a long press, takes whatever is there.',
  everyone: 'All people stay sharp, as in a call.',
  hide: 'Nothing is shown or recorded before it was looked through for whom to hide. What is seen instead is made of what lies around.',
} as const;
const DELAY_OPTIONS = ['0', '1', '2', '3'].map((value) => ({ value, label: value }));
const DELAY_NOTES = [
  'Shown at once; the outline may lag a frame behind.',
  'Waits until the outline is that of the same frame.',
  'Also looks a frame ahead: steadier outlines.',
  'Also looks two frames ahead: the steadiest outlines.',
] as const;

const HIDE_DELAY_NOTES = {
  0: '',
  1: 'Each picture waits until it was looked through.',
  2: 'Also hides what is found only a frame later: safer.',
  3: 'Also hides what is found only two frames later: the safest.',
} as const;

/** What is sharp, how the rest looks, and how much work goes into it. */
export function LivePanel() {
  const [isOpen, setOpen] = useState(true);
  const settings = useLive((state) => state.settings);
  const change = useLive((state) => state.change);
  const setPreset = useLive((state) => state.setPreset);
  const mirrored = useLive(isMirrored);
  const locks = canLock(settings);
  const shownDelay = settings.mode === 'hide' ? (Math.max(1, settings.delay) as 1 | 2 | 3) : settings.delay;
  const { mode, backdrop, preset, detectEvery, showsBox, showsOverlay } = settings;
  return (
    <aside className="panel live-panel" aria-label="Adjustments" data-open={isOpen}>
      <SheetHandle isOpen={isOpen} onChange={setOpen} />
      <div className="panel-head">
        <Segments
          label="What it does"
          value={mode}
          options={MODE_OPTIONS}
          onChange={(value) => change({ mode: value as LiveMode })}
        />
      </div>
      <div className="panel-scroll">
        <p className="panel-lead">{LEADS[mode]}</p>
        <div className="controls">
          {mode === 'everyone' && <BackdropSection />}
          {mode === 'hide' && <HideSection />}
          <LookControls
            only={mode === 'hide' || (mode === 'everyone' && backdrop !== 'blur') ? 'lowLight' : undefined}
          />
          <h2 className="panel-title">Work</h2>
          <div className="control">
            <span className="control-title">Quality</span>
            <Segments
              label="Quality"
              value={preset}
              options={PRESET_OPTIONS}
              onChange={(value) => setPreset(value as LivePreset)}
            />
          </div>
          {locks && (
            <NumberControl
              parameter={DETECT_EVERY}
              value={detectEvery}
              onChange={(value) => change({ detectEvery: value })}
            />
          )}
          <div className="control">
            <span className="control-title">Frame delay</span>
            <Segments
              label="Frame delay"
              value={String(shownDelay)}
              options={mode === 'hide' ? DELAY_OPTIONS.slice(1) : DELAY_OPTIONS}
              onChange={(value) => change({ delay: Number(value) as 0 | 1 | 2 | 3 })}
            />
            <p className="hint">{(mode === 'hide' ? HIDE_DELAY_NOTES : DELAY_NOTES)[shownDelay]}</p>
          </div>
          <DrawnByControl />
          <h2 className="panel-title">View</h2>
          <SourceSection />
          <Toggle
            title="Mirror"
            description="Left and right swapped, in snapshots and recordings too."
            value={mirrored}
            onChange={(value) => change({ isMirrored: value })}
          />
          {locks && <Toggle title="Box" value={showsBox} onChange={(value) => change({ showsBox: value })} />}
          <Toggle title="Figures" value={showsOverlay} onChange={(value) => change({ showsOverlay: value })} />
        </div>
      </div>
    </aside>
  );
}

const DETECT_EVERY: Extract<ParameterInfo, { type: 'integer' }> = {
  name: 'detectEvery',
  type: 'integer',
  title: 'Look every',
  description: 'People and things are looked for in every so many frames.',
  unit: 'frames',
  default: 15,
  min: 2,
  max: 90,
};

/** By what the blur is drawn, and what is to be known of that. */
function DrawnByControl() {
  const drawnBy = useLive((state) => state.settings.drawnBy);
  const note = useLive((state) => state.stats.cardNote);
  const change = useLive((state) => state.change);
  return (
    <div className="control">
      <span className="control-title">Blur drawn by</span>
      <Segments
        label="Blur drawn by"
        value={drawnBy}
        options={DRAWN_BY_OPTIONS}
        onChange={(value) => change({ drawnBy: value as DrawWish })}
      />
      {note !== undefined && <p className="hint">{note}</p>}
    </div>
  );
}

/** The controls of the look, made from its schema; or one of them. */
function LookControls({ only }: { readonly only?: string | undefined }) {
  const parameters = useLive((state) => state.parameters);
  const look = useLive((state) => state.settings.look);
  const setLook = useLive((state) => state.setLook);
  const valueOf = (parameter: ParameterInfo) => look[parameter.name] ?? parameter.default;
  const isNeeded = ({ name, when }: ParameterInfo) => {
    if (only !== undefined) return name === only;
    const other = parameters.find((each) => each.name === when?.parameter);
    return when === undefined || other === undefined || [when.is].flat().includes(String(valueOf(other)));
  };
  return parameters.filter(isNeeded).map((parameter) => {
    const onChange = (value: string | number) => setLook(parameter.name, value);
    const value = valueOf(parameter);
    if (parameter.type === 'enum') {
      return <EnumControl key={parameter.name} parameter={parameter} value={String(value)} onChange={onChange} />;
    }
    if (parameter.type !== 'number' && parameter.type !== 'integer') return null;
    const Control = parameter.control === 'angle' ? AngleControl : NumberControl;
    return <Control key={parameter.name} parameter={parameter} value={Number(value)} onChange={onChange} />;
  });
}
