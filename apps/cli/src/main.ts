import { readFileSync } from 'node:fs';
import type { ErrorData } from '@focal/core';
import { CommanderError } from 'commander';
import { loadEffectList } from './effect-list.ts';
import type { ExitCode } from './exit-codes.ts';
import { settleTrim } from './option-values.ts';
import { createProgram } from './program.ts';

/**
 * Runs the command line and gives the exit code; see {@link exitCodes}. Prints to the process's own streams, and does
 * not end the process.
 *
 * @example
 * process.exitCode = await main(['cutout', 'photo.jpg']); // 0, and photo-cutout.png is there
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  // `focal … | head` ends the reader before us: no error of ours, and nobody left to tell.
  let unheard = false;
  const onStreamError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    unheard = true;
  };
  process.stdout.on('error', onStreamError);
  process.stderr.on('error', onStreamError);
  const program = createProgram({
    version: readVersion(),
    ...(await loadEffectList()),
    handlers: {
      edit: async (request) => (await import('./edit-command.ts')).runEdit(request),
      smart: async (request) => (await import('./smart-command.ts')).runSmart(request),
      render: async (request) => (await import('./render-command.ts')).runRender(request),
      analyze: async (request) => (await import('./analyze-command.ts')).runAnalyze(request),
      saliency: async (request) => (await import('./saliency-command.ts')).runSaliency(request),
      crop: async (request) => (await import('./crop-command.ts')).runCrop(request),
      pick: async (request) => (await import('./pick-command.ts')).runPick(request),
      videoInfo: async (request) => (await import('./video-command.ts')).runVideoInfo(request),
      videoBackground: async (request) => (await import('./video-command.ts')).runVideoBackground(request),
      videoAnonymize: async (request) => (await import('./video-command.ts')).runVideoAnonymize(request),
      videoFocus: async (request) => (await import('./video-command.ts')).runVideoFocus(request),
      libraryStatus: async (request) => (await import('./library-command.ts')).runLibraryStatus(request),
      libraryAdd: async (request) => (await import('./library-command.ts')).runLibraryAdd(request),
      libraryRemove: async (request) => (await import('./library-command.ts')).runLibraryRemove(request),
      libraryRescan: async (request) => (await import('./library-command.ts')).runLibraryRescan(request),
      libraryBad: async (request) => (await import('./library-command.ts')).runLibraryBad(request),
      libraryBackup: async (request) => (await import('./library-backup-command.ts')).runLibraryBackup(request),
      libraryRestore: async (request) => (await import('./library-backup-command.ts')).runLibraryRestore(request),
      libraryExport: async (request) => (await import('./library-export-command.ts')).runLibraryExport(request),
      worker: async (request) => (await import('./worker-command.ts')).runWorker(request),
      libraryVersions: async (request) => (await import('./versions-command.ts')).runVersions(request),
      people: async (request) => (await import('./people-command.ts')).runPeople(request),
      search: async (request) => (await import('./search-command.ts')).runSearch(request),
      places: async (request) => (await import('./search-command.ts')).runPlaces(request),
      albums: async (request) => (await import('./search-command.ts')).runAlbums(request),
      saveAlbum: async (request) => (await import('./search-command.ts')).runSaveAlbum(request),
      removeAlbum: async (request) => (await import('./search-command.ts')).runRemoveAlbum(request),
      albumContent: async (request) => (await import('./album-content-command.ts')).runAlbumContent(request),
      albumAccess: async (request) => (await import('./album-access-command.ts')).runAlbumAccess(request),
      models: async (options, json) => (await import('./models-command.ts')).runModels(options, json),
      pull: async (request) => (await import('./pull-command.ts')).runPull(request),
      remove: async (request) => (await import('./pull-command.ts')).runRemove(request),
      doctor: async (request) => (await import('./doctor-command.ts')).runDoctor(request),
      cache: async (options, request) => (await import('./cache-command.ts')).runCache(options, request),
      serve: async (request) => (await import('./serve-command.ts')).runServe(request),
    },
    onExit: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync([...settleTrim(argv.length === 0 ? ['--help'] : argv)], { from: 'user' });
    return unheard ? 141 : exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return tell(error, argv.includes('--json'));
  }
}

async function tell(error: unknown, json: boolean): Promise<ExitCode> {
  const { toErrorData } = await import('@focal/core');
  const { formatError } = await import('./reporter.ts');
  const { toExitCode } = await import('./exit-codes.ts');
  const data: ErrorData = toErrorData(error);
  // Of a search: which part of it.
  const place = error instanceof Error && 'offset' in error && 'length' in error ? error : undefined;
  const where = place === undefined ? {} : { offset: place.offset, length: place.length };
  if (json) process.stdout.write(`${JSON.stringify({ type: 'error', error: { ...data, ...where } })}\n`);
  else process.stderr.write(`Error: ${formatError(data)}\n`);
  // A defect of ours: what is needed to find it.
  if (data.code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return toExitCode(data.code);
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
