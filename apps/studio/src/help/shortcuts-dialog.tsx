import { useStudio } from '../ui/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { shortcuts, toKeyLabel } from './shortcuts.ts';

const MOUSE = [
  ['Wheel or pinch', 'Zoom to the cursor'],
  ['Drag', 'Move the photo'],
  ['Double click', 'Between fit and actual pixels'],
  ['Double click a slider', 'Back to its default'],
  ['Click or Shift click', 'While choosing: choose somebody, or several'],
  ['Drag, Alt and drag', 'While refining: paint, or the opposite; with Space: move the photo'],
  ['Drag, or arrow keys on a handle', 'Move a step'],
  ['Drag, or Alt and arrow keys', 'Move a photo on the list; Del takes it off'],
  ['Drop a look or photos', 'Open them'],
] as const;

/** The keyboard map. */
export function ShortcutsDialog() {
  const openDialog = useStudio((state) => state.openDialog);
  const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <Dialog title="Keys and gestures" onClose={() => openDialog(undefined)}>
      <dl className="keys">
        {shortcuts.map(({ keys, text }) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{toKeyLabel(key, isApple)}</kbd>
              ))}
            </dd>
          </div>
        ))}
        {MOUSE.map(([gesture, text]) => (
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
