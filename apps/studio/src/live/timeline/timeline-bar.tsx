import type { Keyframe } from '@focal/video';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useLive, useLiveEngine } from '../ui/live-context.tsx';
import { toClock } from '../ui/to-clock.ts';

/** A pointer that moved farther drags, in pixels. */
const STILL_PX = 3;
/** An arrow key moves a keyframe by so many seconds; with Shift ten times as far. */
const NUDGE = 0.04;

/** A file's keyframes along its length: what is in focus from when on. */
export function TimelineBar() {
  const engine = useLiveEngine();
  const duration = useLive((state) => state.source?.duration ?? 0);
  const keyframes = useLive((state) => state.timeline.keyframes);
  const chosen = useLive((state) => state.chosenKeyframe);
  const track = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  /** Where the keyframe that is dragged would be. */
  const [drag, setDrag] = useState<{ readonly index: number; readonly t: number }>();

  useEffect(() => {
    const show = (time: number) => {
      head.current?.style.setProperty('translate', `${(100 * time) / Math.max(duration, 1e-3)}cqw`);
      if (clock.current !== null) clock.current.textContent = toClock(time, 1);
    };
    show(engine.timeline.time);
    return engine.timeline.watch(show);
  }, [engine, duration]);

  if (duration === 0) return null;
  const timeAt = (clientX: number): number => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined) return 0;
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    return Math.round(share * duration * 1000) / 1000;
  };

  const scrub = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    engine.timeline.seek(timeAt(event.clientX));
  };
  const scrubOn = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) engine.timeline.seek(timeAt(event.clientX));
  };

  return (
    <section className="timeline" aria-label="Timeline">
      <div className="timeline-track" ref={track} onPointerDown={scrub} onPointerMove={scrubOn}>
        <div className="timeline-head" ref={head} aria-hidden="true" />
        {keyframes.map((each, index) => (
          <Mark
            // A keyframe has nothing of its own that would stay the same when it is moved.
            key={`${index} ${keyframes.length}`}
            keyframe={drag?.index === index ? { ...each, t: drag.t } : each}
            duration={duration}
            isChosen={chosen === index}
            timeAt={timeAt}
            onChoose={() => engine.timeline.choose(index)}
            onDrag={(t) => setDrag({ index, t })}
            onDrop={(t) => {
              setDrag(undefined);
              engine.timeline.move(index, t);
            }}
            onNudge={(by) => engine.timeline.move(index, Math.min(duration, Math.max(0, each.t + by)))}
          />
        ))}
      </div>
      <div className="timeline-tools">
        <span className="timeline-clock">
          <span ref={clock}>{toClock(0, 1)}</span> / {toClock(duration, 1)}
        </span>
        <Tools />
      </div>
    </section>
  );
}

function Mark(props: {
  readonly keyframe: Keyframe;
  readonly duration: number;
  readonly isChosen: boolean;
  readonly timeAt: (clientX: number) => number;
  readonly onChoose: () => void;
  readonly onDrag: (t: number) => void;
  readonly onDrop: (t: number) => void;
  readonly onNudge: (by: number) => void;
}) {
  const { keyframe, duration, isChosen, timeAt } = props;
  const engine = useLiveEngine();
  const from = useRef<number>(undefined);
  const wasDragged = useRef(false);
  const kind = kindOf(keyframe);
  const isDrag = (event: PointerEvent) =>
    from.current !== undefined && Math.abs(event.clientX - from.current) > STILL_PX;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Delete' || event.key === 'Backspace') engine.timeline.removeChosen();
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      props.onNudge((event.key === 'ArrowLeft' ? -NUDGE : NUDGE) * (event.shiftKey ? 10 : 1));
    } else return;
    event.preventDefault();
  };
  return (
    <button
      type="button"
      className="timeline-mark"
      data-kind={kind}
      aria-pressed={isChosen}
      aria-label={`${NAMES[kind]} at ${toClock(keyframe.t, 1)}`}
      title={`${NAMES[kind]} at ${toClock(keyframe.t, 1)}. Drag to move, Delete to remove.`}
      style={{ left: `${(100 * Math.min(duration, Math.max(0, keyframe.t))) / duration}%` }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.stopPropagation();
        if (event.button !== 0) return;
        from.current = event.clientX;
        wasDragged.current = false;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => isDrag(event) && props.onDrag(timeAt(event.clientX))}
      onPointerUp={(event) => {
        wasDragged.current = isDrag(event);
        if (wasDragged.current) props.onDrop(timeAt(event.clientX));
        from.current = undefined;
      }}
      onClick={() => {
        if (!wasDragged.current) props.onChoose();
        wasDragged.current = false;
      }}
    />
  );
}

const NAMES = { lock: 'In focus', release: 'Let go', look: 'Settings' } as const;

function kindOf(keyframe: Keyframe): keyof typeof NAMES {
  return 'lock' in keyframe ? 'lock' : 'look' in keyframe ? 'look' : 'release';
}

function Tools() {
  const { timeline } = useLiveEngine();
  const canUndo = useLive((state) => state.timeline.past.length > 0);
  const canRedo = useLive((state) => state.timeline.future.length > 0);
  const hasChosen = useLive((state) => state.chosenKeyframe !== undefined);
  const isEmpty = useLive((state) => state.timeline.keyframes.length === 0);
  const exporting = useLive((state) => state.exporting);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tool icon="undo" label="Undo" onClick={() => timeline.undo()} disabled={!canUndo} />
      <Tool icon="redo" label="Redo" onClick={() => timeline.redo()} disabled={!canRedo} />
      <Tool icon="plus" label="Other settings from here on" onClick={() => timeline.addSettings()} />
      <Tool
        icon="trash"
        label="Remove the chosen keyframe"
        onClick={() => timeline.removeChosen()}
        disabled={!hasChosen}
      />
      <span className="timeline-gap" />
      <Tool icon="open" label="Open a timeline" onClick={() => input.current?.click()} />
      <Tool icon="download" label="Save the timeline" onClick={() => timeline.save()} disabled={isEmpty} />
      {exporting === undefined ? (
        <button
          type="button"
          className="button small primary"
          aria-label="Export the video"
          onClick={() => void timeline.exportVideo()}
        >
          Export<span className="wide-only">video</span>
        </button>
      ) : (
        <button type="button" className="button small" onClick={() => timeline.cancelExport()}>
          Rendering <Elapsed sinceMs={exporting.startedMs} /> · Cancel
        </button>
      )}
      <input
        ref={input}
        id="open-timeline"
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="Choose a timeline"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void timeline.open(file);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

function Elapsed({ sinceMs }: { readonly sinceMs: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((performance.now() - sinceMs) / 1000), 500);
    return () => clearInterval(timer);
  }, [sinceMs]);
  return <>{toClock(seconds)}</>;
}

function Tool(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  const { icon, label, disabled, onClick } = props;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}
