import { findAsset } from '../list/section.ts';
import type { LibraryEngine } from '../state/library-engine.ts';
import type { LibraryDialog, LibraryStore } from '../state/library-store.ts';

interface Parts {
  readonly store: LibraryStore;
  readonly engine: LibraryEngine;
}

interface LibraryKey {
  /** As `KeyboardEvent.key`, in lower case. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly run: (parts: Parts) => void;
}

/** Keys of the page while no photo is open. Those that go through the grid are beside it. */
export const libraryKeys: readonly LibraryKey[] = [
  { keys: ['/'], text: 'Search', run: () => document.getElementById('library-search')?.focus() },
  { keys: ['f'], text: 'Favourite, or no longer', run: favour },
  { keys: ['a'], text: 'Add to an album', run: ({ store }) => openForSome(store, 'add-to-album') },
  { keys: ['s'], text: 'Save files', run: ({ store }) => openForSome(store, 'export') },
  { keys: ['delete', 'backspace'], text: 'To the trash', run: ({ store, engine }) => throwAway(store, engine) },
  { keys: ['escape'], text: 'Select nothing; then show everything', run: ({ store, engine }) => leave(store, engine) },
  { keys: ['?'], text: 'Show these keys', run: ({ store }) => store.getState().openDialog('keys') },
];

/** What is selected, else what has the focus. */
function chosenIds(store: LibraryStore): readonly number[] {
  const { selection, focusId } = store.getState();
  if (selection.size > 0) return [...selection];
  return focusId === undefined ? [] : [focusId];
}

function favour({ store, engine }: Parts): void {
  const { place, list } = store.getState();
  const ids = chosenIds(store);
  if (ids.length === 0 || list === undefined || place.view === 'trash') return;
  const { sections } = list.store.getState();
  const areFavourites = ids.every((id) => {
    const at = findAsset(sections, id);
    return at !== undefined && sections[at.section]?.assets[at.index]?.isFavourite === true;
  });
  void engine.setFavourite(ids, !areFavourites);
}

function openForSome(store: LibraryStore, dialog: LibraryDialog): void {
  const { selection, focusId, place } = store.getState();
  if (place.view === 'trash') return;
  if (selection.size === 0 && focusId !== undefined) store.setState({ selection: new Set([focusId]) });
  if (store.getState().selection.size > 0) store.getState().openDialog(dialog);
}

function throwAway(store: LibraryStore, engine: LibraryEngine): void {
  const ids = chosenIds(store);
  if (ids.length === 0 || store.getState().place.view === 'trash') return;
  void engine.trash(ids);
}

function leave(store: LibraryStore, engine: LibraryEngine): void {
  const { selection, place, isMoving } = store.getState();
  if (isMoving) store.setState({ isMoving: false });
  else if (selection.size > 0) engine.clearSelection();
  else if (place.search !== '') engine.go({ search: '' });
}
