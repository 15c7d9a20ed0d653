import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openTabs } from '../state/tabs.ts';
import { createLibraryApi } from './api/api.ts';
import { LibraryPage } from './library-page.tsx';
import { parsePlace } from './place/place.ts';
import { startLibraryEngine } from './state/library-engine.ts';
import { createLibraryStore } from './state/library-store.ts';
import { LibraryProvider } from './ui/library-context.tsx';
import '../styles/library.css';
import '../styles/library-grid.css';
import '../styles/library-sharing.css';
import '../styles/library-uploads.css';
import '../styles/library-views.css';
import '../styles/library-people.css';
import '../styles/map.css';
import '../styles/search.css';
import '../styles/viewer.css';

/** The page for all photos and videos of one's folders. */
export function startLibrary(root: HTMLElement): void {
  const store = createLibraryStore(localStorage, parsePlace(location.search));
  const tabs = openTabs();
  const api = createLibraryApi(() => tabs.tell('changed'));
  const engine = startLibraryEngine(store, api, tabs);
  document.title = 'Library · Focal';
  createRoot(root).render(
    <StrictMode>
      <LibraryProvider value={{ store, engine }}>
        <LibraryPage />
      </LibraryProvider>
    </StrictMode>,
  );
  void engine.start();
}
