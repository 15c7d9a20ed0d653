import { createStore, type StoreApi } from 'zustand/vanilla';
import { readSettings, writeSettings } from '../../state/settings.ts';
import type { Theme, Toast } from '../../state/types.ts';
import type { Album, LibraryProgress, Person, Thing } from '../api/types.ts';
import type { AssetList } from '../list/asset-list.ts';
import type { Place } from '../place/place.ts';

export type LibraryDialog = 'keys' | 'add-folder' | 'add-to-album' | 'new-album' | 'export';

/** Asks for a person. */
export interface PersonChoice {
  readonly title: string;
  /** Not to be chosen. */
  readonly except?: number;
  readonly onChoose: (person: Person) => void;
  /** Where somebody new may be named as well. */
  readonly onName?: (name: string) => void;
}

export interface LibraryState {
  readonly place: Place;
  /** Undefined until the server has told. */
  readonly progress: LibraryProgress | undefined;
  /** Why there is nothing to show: the server does not answer, or has no library. */
  readonly problem: { readonly text: string; readonly hint?: string | undefined } | undefined;
  /** Whether the server stopped telling how the library is. */
  readonly isCut: boolean;
  /** What the view shows; undefined where it shows no photos, or is not known yet. */
  readonly list: AssetList | undefined;
  readonly album: Album | undefined;
  readonly albums: readonly Album[] | undefined;
  /** What is seen in photos, the most frequent first. */
  readonly things: readonly Thing[];
  readonly selection: ReadonlySet<number>;
  /** Where a range begins. */
  readonly anchorId: number | undefined;
  /** Whether what is selected goes before the photo that is chosen next. */
  readonly isMoving: boolean;
  /** What the keys act on. */
  readonly focusId: number | undefined;
  readonly dialog: LibraryDialog | undefined;
  /** A person is to be chosen, and what for. */
  readonly choice: PersonChoice | undefined;
  /** Whose page was open last: the list of people goes on from there. */
  readonly lastPersonId: number | undefined;
  /** Grows whenever who is who may have changed. */
  readonly peopleRound: number;
  readonly toasts: readonly Toast[];
  readonly theme: Theme;
}

export interface LibraryActions {
  readonly setTheme: (theme: Theme) => void;
  readonly openDialog: (dialog: LibraryDialog | undefined) => void;
  /** @param cause what it is about: the next one of the same cause takes its place, as one of the same text does */
  readonly toast: (kind: Toast['kind'], text: string, action?: Toast['action'], cause?: string) => void;
  readonly dismissToast: (id: number) => void;
}

export type LibraryStore = StoreApi<LibraryState & LibraryActions>;

const MAX_TOASTS = 3;
export const NOTHING: ReadonlySet<number> = new Set();

export function createLibraryStore(storage: Pick<Storage, 'getItem' | 'setItem'>, place: Place): LibraryStore {
  let nextToast = 1;
  return createStore<LibraryState & LibraryActions>()((set) => ({
    place,
    progress: undefined,
    problem: undefined,
    isCut: false,
    list: undefined,
    album: undefined,
    albums: undefined,
    things: [],
    selection: NOTHING,
    anchorId: undefined,
    focusId: undefined,
    dialog: undefined,
    choice: undefined,
    peopleRound: 0,
    lastPersonId: undefined,
    isMoving: false,
    toasts: [],
    theme: readSettings(storage).theme,

    setTheme(theme) {
      set({ theme });
      writeSettings(storage, { ...readSettings(storage), theme });
    },
    openDialog: (dialog) => set({ dialog }),
    toast(kind, text, action, cause) {
      const toast: Toast = { id: nextToast++, kind, text, action, cause };
      const isOther = (each: Toast) => each.text !== text && (cause === undefined || each.cause !== cause);
      set(({ toasts }) => ({ toasts: [...toasts.filter(isOther), toast].slice(-MAX_TOASTS) }));
    },
    dismissToast: (id) => set(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) })),
  }));
}
