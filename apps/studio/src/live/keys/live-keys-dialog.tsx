import { toKeyLabel } from '../../help/shortcuts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLiveParts } from '../ui/live-context.tsx';
import { liveKeys } from './live-keys.ts';

const POINTER = [
  ['Point', 'See what can be locked'],
  ['Click or tap', 'Lock a subject, or another one'],
  ['Alt and click, long press', 'Lock whatever is there, known or not'],
  ['Double click a slider', 'Back to its default'],
  ['Drop a video', 'Open it'],
] as const;

/** The keyboard map. */
export function LiveKeysDialog() {
  const { store } = useLiveParts();
  const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const toLabel = (key: string) => ({ ' ': 'Space', arrowleft: '←', arrowright: '→' })[key] ?? toKeyLabel(key, isApple);
  return (
    <Dialog title="Keys and gestures" onClose={() => store.setState({ dialog: undefined })}>
      <dl className="keys">
        {liveKeys.map(({ keys, text }) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{toLabel(key)}</kbd>
              ))}
            </dd>
          </div>
        ))}
        {POINTER.map(([gesture, text]) => (
          <div key={gesture}>
            <dt>{text}</dt>
            <dd>
              <span className="gesture">{gesture}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
