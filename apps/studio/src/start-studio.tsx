import { FocalError } from '@focal/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { type Engine, startEngine } from './engine/engine.ts';
import { fetchLibraryPhoto, takeLinkedAsset } from './engine/library-photo.ts';
import { ControlActionsProvider } from './panel/control-actions.ts';
import { readSettings, writeSettings } from './state/settings.ts';
import { createStudioStore, type StudioStore } from './state/store.ts';
import { StudioProvider } from './ui/context.tsx';

/** The page for photos. */
export function startStudio(root: HTMLElement): void {
  const store = createStudioStore(readSettings(localStorage));
  const engine = startEngine(store);
  store.subscribe((state, before) => {
    if (state.theme !== before.theme || state.place !== before.place || state.browserModel !== before.browserModel) {
      writeSettings(localStorage, state);
    }
  });
  const { resetParam, setDragging } = store.getState();

  createRoot(root).render(
    <StrictMode>
      <StudioProvider value={{ store, engine }}>
        <ControlActionsProvider value={{ reset: resetParam, setDragging }}>
          <App />
        </ControlActionsProvider>
      </StudioProvider>
    </StrictMode>,
  );

  void engine.checkServer();
  void openFromLibrary(engine, store);
  addEventListener('hashchange', () => void engine.openLinkedLook());
  addEventListener('focus', () => void engine.checkServer());
}

/** The photo of the library that the page's address names, once. */
async function openFromLibrary(engine: Engine, store: StudioStore): Promise<void> {
  const linked = takeLinkedAsset();
  if (linked === undefined) return;
  try {
    await engine.openLibraryPhoto(await fetchLibraryPhoto(linked));
  } catch (error) {
    store.getState().toast('error', error instanceof FocalError ? error.message : String(error));
  }
}
