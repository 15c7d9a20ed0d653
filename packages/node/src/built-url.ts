import { statSync } from 'node:fs';

/** What runs in a thread or process of its own, by its path within the sources. */
export type OwnModule =
  | 'workers/draw.worker'
  | 'workers/pixel.worker'
  | 'workers/inference.worker'
  | 'workers/live.worker'
  | 'workers/video.worker'
  | 'models/own-model.child';

/**
 * Where the compiled module of a thread or process lies: in one file with all it needs, where the build made one
 * (threads then start 0.2 s sooner). They run from `dist` even where the sources are imported, as tests do: Node cannot
 * load the sources' package imports on its own.
 */
export function builtUrl(module: OwnModule): URL {
  if (import.meta.url.endsWith('.ts')) return new URL(`../dist/${module}.js`, import.meta.url);
  const bundled = new URL(`./bundled/${module.slice(module.indexOf('/') + 1)}.js`, import.meta.url);
  return isCurrent(bundled) ? bundled : new URL(`./${module}.js`, import.meta.url);
}

/** Whether the file is there and made after the compiler ran last, of which the packed package knows nothing. */
function isCurrent(bundled: URL): boolean {
  const made = timeOf(bundled);
  return made > 0 && made >= timeOf(new URL('./.tsbuildinfo', import.meta.url));
}

/** Milliseconds; 0 where there is no such file. */
function timeOf(file: URL): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
