import { useId, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';

export function AlbumNameForm({ onCreate }: { readonly onCreate: (name: string) => Promise<void> }) {
  const id = useId();
  const [name, setName] = useState('');
  return (
    <form
      className="add-folder"
      onSubmit={(event) => {
        event.preventDefault();
        void onCreate(name.trim());
      }}
    >
      <label htmlFor={id}>Name of a new album</label>
      <div className="add-folder-row">
        <input
          id={id}
          className="text-input"
          value={name}
          maxLength={200}
          placeholder="Summer by the lake"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" className="button primary" disabled={name.trim() === ''}>
          <Icon name="plus" />
          Create
        </button>
      </div>
    </form>
  );
}
