import { Dialog } from '../../ui/dialog.tsx';
import { AlbumNameForm } from '../albums/album-name-form.tsx';
import { useLibraryEngine } from '../ui/library-context.tsx';

/** Keeps a search as a smart album. */
export function SaveSearchDialog({ search, onClose }: { readonly search: string; readonly onClose: () => void }) {
  const engine = useLibraryEngine();
  const save = async (name: string) => {
    if (await engine.saveSearch(name, search)) onClose();
  };
  return (
    <Dialog title="Save as album" onClose={onClose}>
      <p className="dialog-text">
        The album shows what <code>{search}</code> finds at any time.
      </p>
      <AlbumNameForm onCreate={save} />
    </Dialog>
  );
}
