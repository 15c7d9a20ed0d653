import type { MetadataChoice } from '@focal/core';
import type { EditsChoice } from '@focal/library';
import { type Command, Option } from 'commander';
import type { FocalOptions } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import { addMetadataOption } from './picture-options.ts';
import { addSearch, type SearchHandlers } from './search-program.ts';
import { addVersions, type VersionsHandlers } from './versions-program.ts';

/** What all commands of the library take. */
export interface LibraryRequest {
  readonly focal: FocalOptions;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface LibraryHandlers extends SearchHandlers, VersionsHandlers {
  libraryStatus(request: LibraryRequest): Promise<ExitCode>;
  libraryAdd(request: LibraryRequest & { readonly folders: readonly string[] }): Promise<ExitCode>;
  libraryRemove(request: LibraryRequest & { readonly folders: readonly string[] }): Promise<ExitCode>;
  libraryRescan(
    request: LibraryRequest & { readonly folders: readonly string[]; readonly retryBad: boolean },
  ): Promise<ExitCode>;
  libraryBad(request: LibraryRequest & { readonly retry: boolean }): Promise<ExitCode>;
  libraryBackup(request: LibraryRequest & { readonly target: string; readonly force: boolean }): Promise<ExitCode>;
  libraryRestore(request: LibraryRequest & { readonly file: string; readonly force: boolean }): Promise<ExitCode>;
  libraryExport(request: ExportRequest): Promise<ExitCode>;
  worker(request: WorkerRequest): Promise<ExitCode>;
}

/** Everything the command line said about taking photos or what is known of them out. */
export interface ExportRequest extends LibraryRequest {
  /** Gets copies of originals; else sidecars are written beside the originals. */
  readonly folder?: string;
  /** Words of a search; all where there are none. */
  readonly query: string;
  /** Into the copies themselves, by exiftool. */
  readonly embed: boolean;
  /** What goes out of photos that are shown edited. */
  readonly edits: EditsChoice;
  /** Of the edited ones: copies of originals are as they are. */
  readonly metadata: MetadataChoice;
  readonly force: boolean;
}

/** Everything the command line said about working for a library. */
export interface WorkerRequest extends LibraryRequest {
  /** Address of a Focal that hands files out. */
  readonly from?: string;
  readonly token?: string;
  /** Ends when nothing waits any more. */
  readonly untilEmpty: boolean;
}

/** As the library has them; told here, so that help loads none of it. */
const EDITS_CHOICES: readonly EditsChoice[] = ['none', 'beside', 'instead'];

interface ExportValues {
  readonly sidecars?: boolean;
  readonly query?: string;
  readonly embed?: boolean;
  readonly edits?: EditsChoice;
  readonly metadata?: MetadataChoice;
  readonly force?: boolean;
}

const FOLDERS_HELP = 'folders of the library; all where none is named';

export function addLibrary(program: Command, handlers: LibraryHandlers, onExit: (code: ExitCode) => void): void {
  const toRequest = (command: Command): LibraryRequest => ({
    focal: toFocalOptions(command),
    json: isJson(command),
    quiet: command.optsWithGlobals<GlobalValues>().quiet ?? false,
  });
  const library = program
    .command('library')
    .description('A library of your photos and videos: found by what they show, files left where they are')
    .addHelpText(
      'after',
      '\nExamples:\n  focal library add ~/Pictures          again after Ctrl-C: goes on where it stopped\n  focal library                         its folders, and what waits\n  focal library rescan                  what is new, moved, changed or gone\n  focal library bad --retry\n  focal search dog 2023\n\nIt is kept in the data folder of Focal, or on the PostgreSQL server of DATABASE_URL.',
    )
    .action(async (_, command: Command) => {
      onExit(await handlers.libraryStatus(toRequest(command)));
    });
  library
    .command('add')
    .description('Add folders with all that is in them, and look at every photo and video')
    .argument('<folders...>', 'folders of photos and videos')
    .action(async (folders: string[], _, command: Command) => {
      onExit(await handlers.libraryAdd({ ...toRequest(command), folders }));
    });
  library
    .command('status')
    .description('Show folders, how much is in them, and what waits')
    .action(async (_, command: Command) => {
      onExit(await handlers.libraryStatus(toRequest(command)));
    });
  library
    .command('rescan')
    .description('Look for what is new, moved, changed or gone')
    .argument('[folders...]', FOLDERS_HELP)
    .option('--retry-bad', 'read files again that could not be read')
    .action(async (folders: string[], { retryBad = false }: { retryBad?: boolean }, command: Command) => {
      onExit(await handlers.libraryRescan({ ...toRequest(command), folders, retryBad }));
    });
  library
    .command('remove')
    .description('Take folders out of the library; no file is touched')
    .argument('<folders...>', 'folders of the library')
    .action(async (folders: string[], _, command: Command) => {
      onExit(await handlers.libraryRemove({ ...toRequest(command), folders }));
    });
  library
    .command('bad')
    .description('List files that could not be read, and why')
    .option('--retry', 'try them again')
    .action(async ({ retry = false }: { retry?: boolean }, command: Command) => {
      onExit(await handlers.libraryBad({ ...toRequest(command), retry }));
    });
  library
    .command('backup')
    .description('Keep everything that cannot be made again in one file: folders, albums, ratings, captions, people')
    .argument('<target>', 'a file, or a folder that gets a file named by date')
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      '\nPhotos and videos themselves are not in it: keep copies of their folders too. Thumbnails are made again.\nIt holds what tells who people are: keep it as private as the photos.\n\nExamples:\n  focal library backup /media/drive\n  focal library backup library.focal-backup',
    )
    .action(async (target: string, { force = false }: { force?: boolean }, command: Command) => {
      onExit(await handlers.libraryBackup({ ...toRequest(command), target, force }));
    });
  library
    .command('restore')
    .description('Put a backup in the place of the library, all of it or nothing')
    .argument('<file>', 'what focal library backup made')
    .option('--force', 'also where there is a library, which is kept aside')
    .addHelpText(
      'after',
      '\nFrom the library within Focal to a PostgreSQL server, and back:\n  focal library backup library.focal-backup\n  DATABASE_URL=postgres://… focal library restore library.focal-backup',
    )
    .action(async (file: string, { force = false }: { force?: boolean }, command: Command) => {
      onExit(await handlers.libraryRestore({ ...toRequest(command), file, force }));
    });
  addMetadataOption(
    library
      .command('export')
      .description('Copy photos and videos into a folder, with ratings, captions, keywords and people as XMP')
      .argument('[folder]', 'where the copies go; made where it is missing')
      .option('--sidecars', 'in place of copies: write XMP files beside the originals')
      .option('--query <words>', 'only what this search finds')
      .option('--embed', 'write it into the copies themselves (needs exiftool)')
      .addOption(
        new Option(
          '--edits <what>',
          'of photos that are shown edited: the original alone, the edited one beside it, or in its place',
        )
          .choices(EDITS_CHOICES)
          .default('none'),
      )
      .option('--force', 'replace files that are there'),
  )
    .addHelpText(
      'after',
      '\nOriginals are never changed. What other programs wrote into an XMP file stays in it. Edited photos get no XMP,\nand of the metadata what --metadata says; copies of originals keep all of it.\n\nExamples:\n  focal library export /media/drive/photos --query "dog 2023"\n  focal library export ~/shared --embed\n  focal library export ~/shared --edits beside --metadata all\n  focal library export --sidecars',
    )
    .action(async (folder: string | undefined, options: ExportValues, command: Command) => {
      const { sidecars = false, query = '', embed = false, edits = 'none', metadata = 'none', force = false } = options;
      if (sidecars === (folder !== undefined)) {
        command.error('error: expected a folder for copies, or --sidecars for files beside the originals.');
      }
      if (embed && sidecars) command.error('error: --embed is for copies: originals are never changed.');
      if (edits !== 'none' && sidecars) command.error('error: --edits is for copies: originals are never changed.');
      if (edits === 'none' && metadata !== 'none') {
        command.error('error: --metadata is for edited photos (--edits): copies of originals keep all of theirs.');
      }
      onExit(
        await handlers.libraryExport({
          ...toRequest(command),
          query,
          embed,
          edits,
          metadata,
          force,
          ...(folder !== undefined && { folder }),
        }),
      );
    });
  addVersions(library, handlers, onExit);
  program
    .command('worker')
    .description('Look at photos and videos for the library on the PostgreSQL server of DATABASE_URL, until Ctrl-C')
    .option('--from <url>', 'a focal serve of that library that hands files out; else they are read by their paths')
    .option('--token <text>', 'what that server asks for (default: FOCAL_TOKEN)')
    .option('--until-empty', 'end when nothing waits any more')
    .addHelpText(
      'after',
      '\nAny number of workers share the work. Without --from the folders of the library have to be at the same paths\nhere, and FOCAL_HOME has to be the one of the server.\n\nExamples:\n  DATABASE_URL=postgres://… focal worker\n  DATABASE_URL=postgres://… focal worker --from http://photos.lan:4600 --token …\n  DATABASE_URL=postgres://… focal worker --threads 2 --until-empty --json',
    )
    .action(async (options: { from?: string; token?: string; untilEmpty?: boolean }, command: Command) => {
      const { untilEmpty = false, ...rest } = options;
      onExit(await handlers.worker({ ...toRequest(command), ...rest, untilEmpty }));
    });
  addSearch(program, handlers, toRequest, onExit);
}
