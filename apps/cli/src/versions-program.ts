import type { MetadataChoice } from '@focal/core';
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import type { LibraryRequest } from './library-program.ts';
import { wholeNumber } from './option-values.ts';
import { addMetadataOption } from './picture-options.ts';

/** What `focal library versions` is asked for. Photos are named by path or id, versions by name or id. */
export type VersionsTask =
  | { readonly do: 'list'; readonly photo: string }
  | {
      readonly do: 'add';
      readonly photo: string;
      readonly recipe: string;
      readonly name: string | undefined;
      readonly isCurrent: boolean;
    }
  | { readonly do: 'replace'; readonly photo: string; readonly version: string; readonly recipe: string }
  | { readonly do: 'rename'; readonly photo: string; readonly version: string; readonly name: string }
  /** Without a version: the original. */
  | { readonly do: 'use'; readonly photo: string; readonly version: string | undefined }
  | { readonly do: 'recipe'; readonly photo: string; readonly version: string }
  | {
      readonly do: 'save';
      readonly photo: string;
      readonly version: string;
      readonly file: string;
      readonly quality: number | undefined;
      readonly metadata: MetadataChoice;
      readonly force: boolean;
    }
  | { readonly do: 'remove'; readonly photo: string; readonly version: string }
  | { readonly do: 'restore'; readonly photo: string; readonly version: string };

export interface VersionsHandlers {
  libraryVersions(request: LibraryRequest & { readonly task: VersionsTask }): Promise<ExitCode>;
}

const PHOTO_HELP = 'path of a photo in the library, or its id';
const VERSION_HELP = 'name or id of a version';
const EXAMPLES = `
Examples:
  focal library versions list holiday.jpg
  focal library versions add holiday.jpg warm.focal.json --name Warm
  focal library versions use holiday.jpg Warm
  focal library versions use holiday.jpg                  the original again
  focal library versions save holiday.jpg Warm warm.jpg
  focal library versions remove holiday.jpg Warm
  focal library versions restore holiday.jpg Warm

A version is a recipe beside the original, which is never changed.`;

export function addVersions(library: Command, handlers: VersionsHandlers, onExit: (code: ExitCode) => void): void {
  const run = async (command: Command, task: VersionsTask): Promise<void> => {
    const { quiet = false } = command.optsWithGlobals<GlobalValues>();
    onExit(await handlers.libraryVersions({ focal: toFocalOptions(command), json: isJson(command), quiet, task }));
  };
  const versions = library
    .command('versions')
    .description('Edits of photos, kept as recipes beside the originals')
    .addHelpText('after', EXAMPLES);
  versions
    .command('list')
    .description('Show the versions of a photo')
    .argument('<photo>', PHOTO_HELP)
    .action((photo: string, _, command: Command) => run(command, { do: 'list', photo }));
  versions
    .command('add')
    .description('Keep a recipe as a version of a photo, and show it in place of the original')
    .argument('<photo>', PHOTO_HELP)
    .argument('<recipe>', 'file of a recipe')
    .option('--name <name>', 'what it is called (default: Version and a number)')
    .option('--beside', 'go on showing what is shown now')
    .action((photo: string, recipe: string, options: { name?: string; beside?: boolean }, command: Command) =>
      run(command, { do: 'add', photo, recipe, name: options.name, isCurrent: options.beside !== true }),
    );
  versions
    .command('replace')
    .description('Give a version another recipe')
    .argument('<photo>', PHOTO_HELP)
    .argument('<version>', VERSION_HELP)
    .argument('<recipe>', 'file of a recipe')
    .action((photo: string, version: string, recipe: string, _, command: Command) =>
      run(command, { do: 'replace', photo, version, recipe }),
    );
  versions
    .command('rename')
    .description('Give a version another name')
    .argument('<photo>', PHOTO_HELP)
    .argument('<version>', VERSION_HELP)
    .argument('<name>', 'its new name')
    .action((photo: string, version: string, name: string, _, command: Command) =>
      run(command, { do: 'rename', photo, version, name }),
    );
  versions
    .command('use')
    .description('Show a version in place of the original, or the original again')
    .argument('<photo>', PHOTO_HELP)
    .argument('[version]', `${VERSION_HELP}; the original where none is named`)
    .action((photo: string, version: string | undefined, _, command: Command) =>
      run(command, { do: 'use', photo, version }),
    );
  versions
    .command('recipe')
    .description('Print the recipe of a version, for focal render and the studio')
    .argument('<photo>', PHOTO_HELP)
    .argument('<version>', VERSION_HELP)
    .action((photo: string, version: string, _, command: Command) => run(command, { do: 'recipe', photo, version }));
  addMetadataOption(
    versions
      .command('save')
      .description('Render a version in full size, as the kind of file that the name says')
      .argument('<photo>', PHOTO_HELP)
      .argument('<version>', VERSION_HELP)
      .argument('<file>', 'where it goes: .jpg, .png, .webp, .avif or .tiff')
      .option('--quality <number>', 'of JPEG, WebP and AVIF, 1 to 100', wholeNumber(1, 100))
      .option('--force', 'replace a file that is there'),
  ).action(
    (
      photo: string,
      version: string,
      file: string,
      options: { quality?: number; metadata?: MetadataChoice; force?: boolean },
      command: Command,
    ) => {
      const { quality, metadata = 'none', force = false } = options;
      return run(command, { do: 'save', photo, version, file, quality, metadata, force });
    },
  );
  versions
    .command('remove')
    .description('Delete a version; for 30 days it can be brought back')
    .argument('<photo>', PHOTO_HELP)
    .argument('<version>', VERSION_HELP)
    .action((photo: string, version: string, _, command: Command) => run(command, { do: 'remove', photo, version }));
  versions
    .command('restore')
    .description('Bring a deleted version back')
    .argument('<photo>', PHOTO_HELP)
    .argument('<version>', 'its name or id, as list tells them')
    .action((photo: string, version: string, _, command: Command) => run(command, { do: 'restore', photo, version }));
}
