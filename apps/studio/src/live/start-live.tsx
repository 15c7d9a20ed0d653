import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ControlActionsProvider } from '../panel/control-actions.ts';
import { startLiveEngine } from './engine/live-engine.ts';
import { LivePage } from './live-page.tsx';
import { createLiveStore } from './state/live-store.ts';
import { LiveProvider } from './ui/live-context.tsx';
import '../styles/live.css';

/** The page for pictures that move. */
export function startLive(root: HTMLElement): void {
  const store = createLiveStore(localStorage);
  const engine = startLiveEngine(store);
  const isClean = new URLSearchParams(location.search).get('clean') === '1';
  document.title = 'Live · Focal';
  const { reset } = store.getState();
  createRoot(root).render(
    <StrictMode>
      <LiveProvider value={{ store, engine }}>
        <ControlActionsProvider value={{ reset, setDragging: () => undefined }}>
          <LivePage isClean={isClean} />
        </ControlActionsProvider>
      </LiveProvider>
    </StrictMode>,
  );
}
