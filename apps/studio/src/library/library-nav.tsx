import type { MouseEvent } from 'react';
import { Icon, type IconName } from '../ui/icons.tsx';
import { badFilesOf, describeBadFiles } from './folders/describe-bad-files.ts';
import { type Place, toAddress, type ViewName } from './place/place.ts';
import { useLibrary, useLibraryEngine } from './ui/library-context.tsx';

const VIEWS: readonly { readonly view: ViewName; readonly icon: IconName; readonly label: string }[] = [
  { view: 'photos', icon: 'open', label: 'Photos' },
  { view: 'people', icon: 'people', label: 'People' },
  { view: 'map', icon: 'pin', label: 'Map' },
  { view: 'albums', icon: 'album', label: 'Albums' },
  { view: 'duplicates', icon: 'copy', label: 'Duplicates' },
  { view: 'trash', icon: 'trash', label: 'Trash' },
  { view: 'settings', icon: 'sliders', label: 'Settings' },
];

/** The views of the library: beside it, or below it on small screens. */
export function LibraryNav() {
  const engine = useLibraryEngine();
  const view = useLibrary((state) => state.place.view);
  const progress = useLibrary((state) => state.progress);
  const counts: Partial<Record<ViewName, number>> = {
    photos: progress?.assets ?? 0,
    trash: progress?.trashed ?? 0,
  };
  return (
    <nav className="library-nav" aria-label="Views of the library">
      {VIEWS.map(({ view: each, icon, label }) => {
        const place: Place = { view: each, search: '' };
        const count = counts[each] ?? 0;
        return (
          <a
            key={each}
            href={toAddress(place)}
            className="nav-item"
            aria-current={each === view ? 'page' : undefined}
            onClick={(event: MouseEvent) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              engine.go({
                ...place,
                albumId: undefined,
                personId: undefined,
                assetId: undefined,
                page: undefined,
                faceId: undefined,
              });
            }}
          >
            <Icon name={icon} size={20} />
            <span className="nav-label">{label}</span>
            {count > 0 && <span className="nav-count">{count.toLocaleString()}</span>}
            {each === 'settings' && badFilesOf(progress) > 0 && (
              <span className="nav-dot" title={describeBadFiles(progress)} />
            )}
          </a>
        );
      })}
    </nav>
  );
}
