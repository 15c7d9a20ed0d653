import { createPlanRunner, getWorkerPort, serveEffects } from '@focal/web';

// One core stays free for the page itself; past four threads a picture of screen size gains little.
const helpers = Math.max(0, Math.min(3, (navigator.hardwareConcurrency || 1) - 1));

serveEffects(
  getWorkerPort(),
  createPlanRunner({
    helpers,
    createHelper: () => new Worker(new URL('./helper.ts', import.meta.url), { type: 'module', name: 'focal-helper' }),
  }),
);
