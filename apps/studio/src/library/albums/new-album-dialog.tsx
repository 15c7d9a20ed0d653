import { Dialog } from '../../ui/dialog.tsx';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { AlbumNameForm } from './album-name-form.tsx';

export function NewAlbumDialog() {
  const engine = useLibraryEngine();
  const openDialog = useLibrary((state) => state.openDialog);
  const create = async (name: string) => {
    if (await engine.createAlbum(name, [])) openDialog(undefined);
  };
  return (
    <Dialog title="New album" onClose={() => openDialog(undefined)}>
      <AlbumNameForm onCreate={create} />
    </Dialog>
  );
}
