import type { FocusState } from '@focal/core';
import { canLock } from '../state/live-settings.ts';
import { useLive } from '../ui/live-context.tsx';
import { toName } from './focus-boxes.tsx';

const STATES: Readonly<Record<FocusState, string>> = {
  idle: 'Nothing chosen',
  locked: 'Locked',
  searching: 'Looking for it',
  lost: 'Lost',
};
const MODES = { subject: '', everyone: 'Everyone', hide: 'Hiding' } as const;
const DRAWN_BY = { card: 'graphics card', processor: 'processor' } as const;
const PARTS = [
  ['detect', 'Find'],
  ['track', 'Follow'],
  ['mask', 'Outline'],
  ['learn', 'Learn'],
  ['hide', 'Find faces'],
  ['blur', 'Draw'],
] as const;

/** Frames a second, what is followed and how surely, and where the time of a frame goes. */
export function LiveOverlay() {
  const shows = useLive((state) => state.settings.showsOverlay);
  const isLive = useLive((state) => state.phase === 'live');
  const focus = useLive((state) => state.focus);
  const stats = useLive((state) => state.stats);
  const settings = useLive((state) => state.settings);
  const isBlind = useLive((state) => state.models.phase !== 'ready');
  const isPaused = useLive((state) => state.isPaused);
  const isLocking = useLive((state) => state.isLocking);
  if (!shows || !isLive) return null;
  const { state, label, confidence } = focus;
  const follows = canLock(settings);
  const name = follows ? (isLocking ? 'Locking …' : STATES[state]) : MODES[settings.mode];
  return (
    <dl className="live-overlay" aria-label="Status">
      <div>
        <dt>{isPaused ? 'Paused' : 'Frames/s'}</dt>
        <dd>{isPaused ? '–' : stats.fps.toFixed(0)}</dd>
      </div>
      <div className="overlay-state" data-state={follows ? state : 'everyone'}>
        <dt>State</dt>
        <dd>{name}</dd>
      </div>
      {settings.mode === 'hide' && (
        <div>
          <dt>Hidden</dt>
          <dd>{isBlind ? 'All, until models are there' : settings.hides === 'people' ? 'People' : 'Faces'}</dd>
        </div>
      )}
      {follows && state !== 'idle' && (
        <>
          <div>
            <dt>Subject</dt>
            <dd>{label === undefined ? 'Picked' : toName(label)}</dd>
          </div>
          <div>
            <dt>Confidence</dt>
            <dd>{Math.round(confidence * 100)} %</dd>
          </div>
        </>
      )}
      <div className="overlay-parts wide-only">
        <dt className="visually-hidden">Milliseconds a frame</dt>
        <dd>
          {PARTS.map(([part, title]) => {
            const ms = stats.parts[part];
            return ms === undefined ? null : (
              <span key={part}>
                {title} {ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms
                {part === 'blur' && stats.drawnBy !== undefined && `, ${DRAWN_BY[stats.drawnBy]}`}
              </span>
            );
          })}
        </dd>
      </div>
    </dl>
  );
}
