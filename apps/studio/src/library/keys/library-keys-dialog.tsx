import { toKeyLabel } from '../../help/shortcuts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLibrary } from '../ui/library-context.tsx';
import { viewerKeys } from '../viewer/viewer-keys.ts';
import { libraryKeys } from './library-keys.ts';

const GRID = [
  ['Arrows, Home, End', 'Go through the photos'],
  ['Enter', 'Open'],
  ['Space', 'Select'],
  ['Shift and arrows, or a click', 'Select all up to there'],
  ['Long press', 'Select, by touch'],
] as const;

const MAP = [
  ['Arrows, + and -', 'Move the map, closer and farther'],
  ['0', 'All photos on the map'],
] as const;

const POINTER = [
  ['Wheel or pinch', 'Zoom'],
  ['Double click', 'Between fit and actual pixels'],
  ['Drag', 'Move a photo that is zoomed in; else to the next one'],
] as const;

/** The keyboard map. */
export function LibraryKeysDialog() {
  const openDialog = useLibrary((state) => state.openDialog);
  const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const names: Readonly<Record<string, string>> = {
    ' ': 'Space',
    arrowleft: '←',
    arrowright: '→',
    backspace: '⌫',
    home: 'Home',
    end: 'End',
  };
  const toLabel = (key: string) => names[key] ?? toKeyLabel(key, isApple);
  return (
    <Dialog title="Keys and gestures" onClose={() => openDialog(undefined)}>
      <h3 className="keys-title">The library</h3>
      <dl className="keys">
        <Gestures rows={GRID} />
        {libraryKeys.map(({ keys, text }) => (
          <KeyRow key={text} keys={keys.map(toLabel)} text={text} />
        ))}
      </dl>
      <h3 className="keys-title">The map</h3>
      <dl className="keys">
        <Gestures rows={MAP} />
      </dl>
      <h3 className="keys-title">A photo that is open</h3>
      <dl className="keys">
        {viewerKeys.map(({ keys, text }) => (
          <KeyRow key={text} keys={keys.map(toLabel)} text={text} />
        ))}
        <Gestures rows={POINTER} />
      </dl>
    </Dialog>
  );
}

function KeyRow({ keys, text }: { readonly keys: readonly string[]; readonly text: string }) {
  return (
    <div>
      <dt>{text}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  );
}

function Gestures({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return rows.map(([gesture, text]) => (
    <div key={gesture}>
      <dt>{text}</dt>
      <dd>
        <span className="gesture">{gesture}</span>
      </dd>
    </div>
  ));
}
