import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startEngine } from './engine/engine.ts';
import { readSettings, writeSettings } from './state/settings.ts';
import { createStudioStore } from './state/store.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/refine.css';
import './styles/scene.css';
import './styles/stage.css';
import './styles/steps.css';
import './styles/strip.css';
import './styles/dialogs.css';
import { StudioProvider } from './ui/context.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no place for the app.');

const settings = readSettings(localStorage);
const store = createStudioStore(settings);
const engine = startEngine(store);
store.subscribe((state, before) => {
  if (state.theme !== before.theme || state.place !== before.place || state.browserModel !== before.browserModel) {
    writeSettings(localStorage, state);
  }
});

createRoot(root).render(
  <StrictMode>
    <StudioProvider value={{ store, engine }}>
      <App />
    </StudioProvider>
  </StrictMode>,
);

void engine.checkServer();
addEventListener('hashchange', () => void engine.openLinkedLook());
addEventListener('focus', () => void engine.checkServer());
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the page works the same, only not offline.
  navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}
