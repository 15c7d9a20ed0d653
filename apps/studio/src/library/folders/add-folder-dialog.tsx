import { Dialog } from '../../ui/dialog.tsx';
import { useLibrary } from '../ui/library-context.tsx';
import { AddFolderForm } from './add-folder-form.tsx';

export function AddFolderDialog() {
  const openDialog = useLibrary((state) => state.openDialog);
  const close = () => openDialog(undefined);
  return (
    <Dialog title="Add a folder" onClose={close}>
      <AddFolderForm onAdded={close} />
    </Dialog>
  );
}
