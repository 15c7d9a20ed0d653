import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { PeopleAction } from '../api/types.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { useAsked } from '../ui/use-asked.ts';

const WORDS: Readonly<Record<string, string>> = {
  rename: 'Named somebody',
  favourite: 'Favourite, or no longer',
  hide: 'Hidden, or no longer',
  cover: 'Chose a cover',
  merge: 'Merged into one person',
  split: 'Split into two people',
  move: 'Said whose faces they are',
  reject: 'Said whose faces they are not',
  apart: 'Said that they are two people',
  draw: 'Drew a face',
  'remove-faces': 'Said that they are no faces',
  double: 'Said whether a photo is a mirror or a collage',
  'import-names': 'Took over names from files',
  'hide-faces': 'Hid unknown faces',
};

/** In one line. */
const MOST_NAMES = 4;

/** What was done with people, the newest first; that one is taken back, then the one before. */
export function ActionsDialog({ onClose }: { readonly onClose: () => void }) {
  const engine = useLibraryEngine();
  const round = useLibrary((state) => state.peopleRound);
  const [actions, setActions] = useState<readonly PeopleAction[] | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  useAsked(({ api }) => api.people.actions(), setActions, [round]);
  const undo = async (action: number) => {
    setBusy(true);
    undone.current = true;
    await engine.attempt(async () => {
      await engine.api.people.undo(action);
      setActions(await engine.api.people.actions());
      await engine.refresh();
    });
    setBusy(false);
  };
  // The next one comes in its place, and Undo of that one in the place of its button.
  const list = useRef<HTMLOListElement>(null);
  const undone = useRef(false);
  useEffect(() => {
    if (!undone.current || isBusy) return;
    undone.current = false;
    list.current?.querySelector('button')?.focus();
  }, [isBusy]);
  return (
    <Dialog title="Last actions" onClose={onClose}>
      <p className="dialog-lead">
        The last one can be taken back, then the one before it. Your files stay as they are.
      </p>
      {actions?.length === 0 && <p>Nothing was done with people yet.</p>}
      {actions !== undefined && actions.length > 0 && (
        <ol ref={list} className="share-list actions-list" aria-label="Last actions">
          {actions.map(({ action, kind, actedAt, people, names }, index) => (
            <li key={action} className="share-row">
              <div>
                <strong>
                  {WORDS[kind] ?? kind}
                  {names.length > 0 && `: ${names.slice(0, MOST_NAMES).join(', ')}`}
                  {names.length > MOST_NAMES && ' …'}
                </strong>
                <span>
                  {new Date(actedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
                  {people > 1 ? ` · ${people} people` : ''}
                </span>
              </div>
              {index === 0 && (
                <button type="button" className="button small" disabled={isBusy} onClick={() => void undo(action)}>
                  <Icon name="undo" size={16} />
                  Undo
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
