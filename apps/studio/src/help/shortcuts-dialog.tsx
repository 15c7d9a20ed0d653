import { useStudio } from '../ui/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { type KeyRow, KeysList } from '../ui/keys-list.tsx';
import { shortcuts } from './shortcuts.ts';

const MOUSE: readonly KeyRow[] = [
  { gesture: 'Wheel or pinch', text: 'Zoom to the cursor' },
  { gesture: 'Drag', text: 'Move the photo' },
  { gesture: 'Double click', text: 'Between fit and actual pixels' },
  { gesture: 'Double click a slider', text: 'Back to its default' },
  { gesture: 'Click or Shift click', text: 'While choosing: choose somebody, or several' },
  { gesture: 'Drag, Alt and drag', text: 'While refining: paint, or the opposite; with Space: move the photo' },
  { gesture: 'Drag, or arrow keys on a handle', text: 'Move a step' },
  { gesture: 'Drag, or Alt and arrow keys', text: 'Move a photo on the list; Del takes it off' },
  { gesture: 'Drop a look or photos', text: 'Open them' },
];

/** The keyboard map. */
export function ShortcutsDialog() {
  const openDialog = useStudio((state) => state.openDialog);
  return (
    <Dialog title="Keys and gestures" onClose={() => openDialog(undefined)}>
      <KeysList rows={[...shortcuts, ...MOUSE]} />
    </Dialog>
  );
}
