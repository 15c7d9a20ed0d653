import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/refine.css';
import './styles/scene.css';
import './styles/smart.css';
import './styles/stage.css';
import './styles/steps.css';
import './styles/strip.css';
import './styles/dialogs.css';
import { startStudio } from './start-studio.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no place for the app.');

// Pictures that move and the library have pages of their own; their code is loaded with them.
if (/^\/live\/?$/.test(location.pathname))
  void import('./live/start-live.tsx').then(({ startLive }) => startLive(root));
else if (/^\/library\/?$/.test(location.pathname))
  void import('./library/start-library.tsx').then(({ startLibrary }) => startLibrary(root));
else startStudio(root);

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the page works the same, only not offline.
  navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}
