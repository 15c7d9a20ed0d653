import { Dialog } from '../../ui/dialog.tsx';
import { type KeyRow, KeysList } from '../../ui/keys-list.tsx';
import { useLiveParts } from '../ui/live-context.tsx';
import { liveKeys } from './live-keys.ts';

const POINTER: readonly KeyRow[] = [
  { gesture: 'Point', text: 'See what can be locked' },
  { gesture: 'Click or tap', text: 'Lock a subject, or another one' },
  { gesture: 'Alt and click, long press', text: 'Lock whatever is there, known or not' },
  { gesture: 'Double click a slider', text: 'Back to its default' },
  { gesture: 'Drop a video', text: 'Open it' },
];

/** The keyboard map. */
export function LiveKeysDialog() {
  const { store } = useLiveParts();
  return (
    <Dialog title="Keys and gestures" onClose={() => store.setState({ dialog: undefined })}>
      <KeysList rows={[...liveKeys, ...POINTER]} />
    </Dialog>
  );
}
