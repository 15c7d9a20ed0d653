import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { LibraryRequest } from './library-program.ts';

/** What is asked for of what an album holds. Albums are named by name or id, photos by path or id. */
export type ContentTask =
  | { readonly do: 'photos'; readonly album: string }
  | {
      readonly do: 'add';
      readonly album: string;
      readonly photos: readonly string[];
      /** All that this search finds, too. */
      readonly found: string | undefined;
    }
  | { readonly do: 'take-out'; readonly album: string; readonly photos: readonly string[] }
  | { readonly do: 'order'; readonly album: string; readonly photos: readonly string[] }
  | { readonly do: 'first'; readonly albums: readonly string[] }
  | {
      readonly do: 'change';
      readonly album: string;
      readonly name: string | undefined;
      readonly description: string | undefined;
      /** A photo of the album; false for the newest. */
      readonly cover: string | false | undefined;
    };

export interface ContentHandlers {
  albumContent(request: LibraryRequest & { readonly task: ContentTask }): Promise<ExitCode>;
}

interface ChangeOptions {
  readonly name?: string;
  readonly description?: string;
  readonly cover?: string | false;
}

const ALBUM_HELP = 'name or id of an album';
const PHOTOS_HELP = 'paths of photos and videos in the library, or their ids';

export function addAlbumContent(
  albums: Command,
  handlers: ContentHandlers,
  toRequest: (command: Command) => LibraryRequest,
  onExit: (code: ExitCode) => void,
): void {
  const run = async (command: Command, task: ContentTask): Promise<void> => {
    onExit(await handlers.albumContent({ ...toRequest(command), task }));
  };
  albums
    .command('photos')
    .description('List what is in an album, in its order')
    .argument('<album>', ALBUM_HELP)
    .addHelpText('after', '\nExamples:\n  focal albums photos Holidays\n  focal albums photos Holidays --json')
    .action((album: string, _, command: Command) => run(command, { do: 'photos', album }));
  albums
    .command('add')
    .description('Put photos and videos into an album, at its end')
    .argument('<album>', ALBUM_HELP)
    .argument('[photos...]', PHOTOS_HELP)
    .option('--found <search>', 'all that this finds, as it is now')
    .addHelpText(
      'after',
      '\nExamples:\n  focal albums add Holidays beach.jpg sunset.jpg\n  focal albums add Holidays --found "beach 2023"',
    )
    .action((album: string, photos: string[], { found }: { found?: string }, command: Command) =>
      run(command, { do: 'add', album, photos, found }),
    );
  albums
    .command('take-out')
    .description('Take photos and videos out of an album; they stay in the library')
    .argument('<album>', ALBUM_HELP)
    .argument('<photos...>', PHOTOS_HELP)
    .addHelpText('after', '\nExamples:\n  focal albums take-out Holidays blurred.jpg')
    .action((album: string, photos: string[], _, command: Command) => run(command, { do: 'take-out', album, photos }));
  albums
    .command('order')
    .description('Put photos of an album first, in this order; the others follow as they were')
    .argument('<album>', ALBUM_HELP)
    .argument('<photos...>', PHOTOS_HELP)
    .addHelpText('after', '\nExamples:\n  focal albums order Holidays arrival.jpg beach.jpg')
    .action((album: string, photos: string[], _, command: Command) => run(command, { do: 'order', album, photos }));
  albums
    .command('first')
    .description('Put albums first, in this order; the others follow as they were')
    .argument('<albums...>', 'names or ids of albums')
    .addHelpText('after', '\nExamples:\n  focal albums first Family Holidays')
    .action((names: string[], _, command: Command) => run(command, { do: 'first', albums: names }));
  albums
    .command('change')
    .description('Rename or describe an album, or choose the photo that stands for it')
    .argument('<album>', ALBUM_HELP)
    .option('--name <name>', 'a new name')
    .option('--description <text>', 'what it is about; empty for nothing')
    .option('--cover <photo>', 'one of its photos, by path or id')
    .option('--no-cover', 'its newest photo again')
    .addHelpText(
      'after',
      '\nExamples:\n  focal albums change Holidays --description "Two weeks by the sea"\n  focal albums change Holidays --name Crete --cover beach.jpg',
    )
    .action((album: string, { name, description, cover }: ChangeOptions, command: Command) =>
      run(command, { do: 'change', album, name, description, cover }),
    );
}
