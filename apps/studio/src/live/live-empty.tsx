import { Icon, type IconName } from '../ui/icons.tsx';
import { LiveProblemCard } from './stage/live-cards.tsx';
import { useLive, useLiveEngine } from './ui/live-context.tsx';

/** What stands there before the first frame: what this page does, and the three ways to begin. */
export function LiveEmpty({ onPick, isClean }: { readonly onPick: () => void; readonly isClean: boolean }) {
  const engine = useLiveEngine();
  const problem = useLive((state) => state.problem);
  return (
    <div className="live-empty">
      <FocusDrawing />
      <h1>Keep one subject sharp</h1>
      <p className="empty-lead">
        Click a person or a thing in moving pictures: it stays in focus, and everything else falls out of it.
      </p>
      {problem !== undefined && <LiveProblemCard problem={problem} onPick={onPick} />}
      <div className="live-choices">
        <Choice
          icon="camera"
          title="Webcam"
          text="See yourself, live"
          keys="W"
          onChoose={() => void engine.openWebcam()}
        />
        <Choice icon="video" title="Video file" text="Choose one, or drop it here" keys="O" onChoose={onPick} />
        <Choice
          icon="play"
          title="Demo"
          text="A scene that Focal draws"
          keys="D"
          onChoose={() => void engine.openDemo()}
        />
      </div>
      <p className="empty-note">
        {isClean
          ? 'The picture fills this window, with nothing around it. F makes it as large as the screen.'
          : 'Frames never leave this browser: nothing is sent, nothing is kept.'}
      </p>
    </div>
  );
}

function Choice(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly keys: string;
  readonly onChoose: () => void;
}) {
  return (
    <button type="button" className="live-choice" onClick={props.onChoose}>
      <Icon name={props.icon} size={26} />
      <strong>{props.title}</strong>
      <span>{props.text}</span>
      <kbd className="wide-only">{props.keys}</kbd>
    </button>
  );
}

/** Three figures, one of them sharp and framed. */
function FocusDrawing() {
  return (
    <svg className="live-art" viewBox="0 0 320 180" role="presentation" aria-hidden="true">
      <defs>
        <filter id="live-far" x="-40%" y="-40%" width="180%" height="180%">
          <feGaussianBlur stdDeviation="7" />
        </filter>
        <filter id="live-near" x="-40%" y="-40%" width="180%" height="180%">
          <feGaussianBlur stdDeviation="3.4" />
        </filter>
      </defs>
      <g filter="url(#live-far)" opacity="0.75">
        <circle cx="52" cy="52" r="15" fill="#e9a24a" />
        <circle cx="112" cy="30" r="10" fill="#6fa8c9" />
        <circle cx="208" cy="36" r="13" fill="#d97a52" />
        <circle cx="276" cy="62" r="16" fill="#8aa886" />
        <circle cx="248" cy="24" r="8" fill="#b88ac0" />
      </g>
      <g filter="url(#live-near)">
        <Figure x={84} scale={0.74} fill="#7c93ab" />
        <Figure x={244} scale={0.82} fill="#a58670" />
      </g>
      <Figure x={162} scale={1} fill="var(--fill)" />
      <rect className="live-art-box" x="118" y="34" width="88" height="138" rx="10" />
    </svg>
  );
}

function Figure({ x, scale, fill }: { readonly x: number; readonly scale: number; readonly fill: string }) {
  return (
    <g transform={`translate(${x} 172) scale(${scale})`} fill={fill}>
      <circle cx="0" cy="-104" r="21" />
      <path d="M-37 0v-36c0-23 16-38 37-38s37 15 37 38v36z" />
    </g>
  );
}
