import { statSync } from 'node:fs';

/**
 * Where a worker's compiled module lies: in one file with all it needs, where the build made one (threads then start
 * 0.2 s sooner). Threads run from `dist` even where the sources are imported, as tests do: Node cannot load the
 * sources' package imports on its own.
 */
export function workerUrl(name: 'pixel.worker' | 'inference.worker'): URL {
  if (import.meta.url.endsWith('.ts')) return new URL(`../../dist/workers/${name}.js`, import.meta.url);
  const bundled = new URL(`./bundled/${name}.js`, import.meta.url);
  return isCurrent(bundled) ? bundled : new URL(`./${name}.js`, import.meta.url);
}

/** Whether the file is there and made after the compiler ran last, of which the packed package knows nothing. */
function isCurrent(bundled: URL): boolean {
  const made = timeOf(bundled);
  return made > 0 && made >= timeOf(new URL('../.tsbuildinfo', import.meta.url));
}

/** Milliseconds; 0 where there is no such file. */
function timeOf(file: URL): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
