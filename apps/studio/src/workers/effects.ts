import regular from '@expo-google-fonts/noto-sans/NotoSans_400Regular.ttf?url';
import bold from '@expo-google-fonts/noto-sans/NotoSans_700Bold.ttf?url';
import { createPlanRunner, getWorkerPort, serveBrush, serveEffects, serveHelper } from '@focal/web';
import harfbuzz from 'harfbuzzjs/dist/harfbuzz.wasm?url';

const HELPER = 'focal-helper';

// One file for all kinds of thread, so that a browser loads it once: the name says which one this is.
if (self.name === HELPER) {
  serveHelper(getWorkerPort());
} else if (self.name === 'focal-brush') {
  serveBrush(getWorkerPort());
} else {
  // One core stays free for the page itself; past four threads a picture of screen size gains little.
  const helpers = Math.max(0, Math.min(3, (navigator.hardwareConcurrency || 1) - 1));
  const createHelper = () => new Worker(location.href, { type: 'module', name: HELPER });
  const here = (path: string) => new URL(path, location.origin).href;
  const fonts = { harfbuzz: here(harfbuzz), regular: here(regular), bold: here(bold) };
  serveEffects(getWorkerPort(), createPlanRunner({ helpers, createHelper }), fonts);
}
