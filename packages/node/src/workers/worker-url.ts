/**
 * Where a worker's compiled module lies. Threads run from `dist` even where the sources are imported, as tests do:
 * Node cannot load the sources' package imports on its own.
 */
export function workerUrl(name: 'pixel.worker' | 'inference.worker'): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(`../../dist/workers/${name}.js`, import.meta.url)
    : new URL(`./${name}.js`, import.meta.url);
}
