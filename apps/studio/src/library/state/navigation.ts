import { type Place, parsePlace, toAddress } from '../place/place.ts';
import { type LibraryStore, NOTHING } from './library-store.ts';

export interface Navigation {
  /** To another place; the browser's back button leads here again. */
  readonly go: (change: Partial<Place>, how?: 'push' | 'replace') => void;
  /** As the browser's back button where that stays in the library; else to the view without a photo. */
  readonly closeAsset: () => void;
}

/** Keeps the page's address and the place that is shown one and the same. */
export function createNavigation(store: LibraryStore, window: Window): Navigation {
  const { history } = window;
  const take = (place: Place): void => {
    const { place: before } = store.getState();
    const isOther = toAddress({ ...before, assetId: undefined }) !== toAddress({ ...place, assetId: undefined });
    store.setState({ place, ...(isOther && { selection: NOTHING, anchorId: undefined, focusId: undefined }) });
  };
  window.addEventListener('popstate', () => take(parsePlace(window.location.search)));
  const go: Navigation['go'] = (change, how = 'push') => {
    // A search is of photos, in the grid or on the map.
    const isElsewhere = change.view !== undefined && change.view !== 'photos' && change.view !== 'map';
    const place = { ...store.getState().place, ...(isElsewhere && { search: '' }), ...change };
    const address = toAddress(place);
    if (how === 'replace') history.replaceState(history.state, '', address);
    else if (address !== toAddress(store.getState().place)) {
      history.pushState({ isInside: change.assetId !== undefined }, '', address);
    }
    take(place);
  };
  return {
    go,
    closeAsset() {
      const { place } = store.getState();
      if (place.assetId === undefined) return;
      if ((history.state as { readonly isInside?: boolean } | null)?.isInside === true) history.back();
      else go({ assetId: undefined }, 'replace');
    },
  };
}
