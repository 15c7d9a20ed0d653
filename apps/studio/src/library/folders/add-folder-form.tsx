import { type FormEvent, useId, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { describeError } from '../state/describe-error.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';

/** The path of a folder that comes into the library; what is wrong with it is said below. */
export function AddFolderForm({ onAdded }: { readonly onAdded?: () => void }) {
  const { api } = useLibraryEngine();
  const id = useId();
  const [path, setPath] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [isAdding, setAdding] = useState(false);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    setAdding(true);
    setProblem(undefined);
    try {
      await api.addFolder(path.trim());
      onAdded?.();
    } catch (error) {
      setProblem(describeError(error));
    } finally {
      setAdding(false);
    }
  };
  return (
    <form className="add-folder" onSubmit={(event) => void add(event)}>
      <label htmlFor={`${id}-path`}>Path of a folder</label>
      <div className="add-folder-row">
        <input
          id={`${id}-path`}
          className="text-input"
          value={path}
          placeholder="/home/you/Pictures"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <button type="submit" className="button primary" disabled={path.trim() === '' || isAdding}>
          <Icon name="plus" />
          Add a folder
        </button>
      </div>
      <p id={`${id}-note`} className={problem === undefined ? 'hint' : 'form-problem'} role={problem && 'alert'}>
        {problem ?? 'Folders within it belong to it. What comes in later is taken up by itself.'}
      </p>
    </form>
  );
}
