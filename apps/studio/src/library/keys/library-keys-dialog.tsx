import { Dialog } from '../../ui/dialog.tsx';
import { type KeyRow, KeysList } from '../../ui/keys-list.tsx';
import { useLibrary } from '../ui/library-context.tsx';
import { viewerKeys } from '../viewer/viewer-keys.ts';
import { libraryKeys } from './library-keys.ts';

const GRID: readonly KeyRow[] = [
  { gesture: 'Arrows, Home, End', text: 'Go through the photos' },
  { gesture: 'Enter', text: 'Open' },
  { gesture: 'Space', text: 'Select' },
  { gesture: 'Shift and arrows, or a click', text: 'Select all up to there' },
  { gesture: 'Long press', text: 'Select, by touch' },
];

const PEOPLE: readonly KeyRow[] = [
  { gesture: 'Y, N, S', text: 'Yes, no, skip: answers a question about people' },
  { gesture: 'Esc', text: 'Choose no faces' },
];

const MAP: readonly KeyRow[] = [
  { gesture: 'Arrows, + and -', text: 'Move the map, closer and farther' },
  { gesture: '0', text: 'All photos on the map' },
];

const POINTER: readonly KeyRow[] = [
  { gesture: 'Wheel or pinch', text: 'Zoom' },
  { gesture: 'Double click', text: 'Between fit and actual pixels' },
  { gesture: 'Drag', text: 'Move a photo that is zoomed in; else to the next one' },
];

/** The keyboard map. */
export function LibraryKeysDialog() {
  const openDialog = useLibrary((state) => state.openDialog);
  return (
    <Dialog title="Keys and gestures" onClose={() => openDialog(undefined)}>
      <h3 className="keys-title">The library</h3>
      <KeysList rows={[...GRID, ...libraryKeys]} />
      <h3 className="keys-title">People</h3>
      <KeysList rows={PEOPLE} />
      <h3 className="keys-title">The map</h3>
      <KeysList rows={MAP} />
      <h3 className="keys-title">A photo that is open</h3>
      <KeysList rows={[...viewerKeys, ...POINTER]} />
    </Dialog>
  );
}
