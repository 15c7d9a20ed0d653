import type { Command } from 'commander';
import { type AccessHandlers, addAlbumAccess } from './album-access-program.ts';
import { addAlbumContent, type ContentHandlers } from './album-content-program.ts';
import type { ExitCode } from './exit-codes.ts';
import type { LibraryRequest } from './library-program.ts';
import { wholeNumber } from './option-values.ts';

export interface SearchRequest extends LibraryRequest {
  readonly query: string;
  readonly limit: number;
  /** Only how many there are. */
  readonly isCount: boolean;
}

export interface SearchHandlers extends AccessHandlers, ContentHandlers {
  search(request: SearchRequest): Promise<ExitCode>;
  places(request: LibraryRequest): Promise<ExitCode>;
  albums(request: LibraryRequest): Promise<ExitCode>;
  /** Without a query an album that is filled by hand; one of this name that is there changes what it searches for. */
  saveAlbum(request: LibraryRequest & { readonly name: string; readonly query: string }): Promise<ExitCode>;
  removeAlbum(request: LibraryRequest & { readonly name: string }): Promise<ExitCode>;
}

const SEARCH_HELP = `
Words next to each other all have to fit. Each is the name of a person, a thing that is seen, a date, or else text in
names and captions. or, not and parentheses do what they say; "quoted" is always text.

Chips:
  thing:dog  person:Anna  text:beach  date:2023-05  place:Zurich  camera:canon  album:Holidays  color:red
  is:favourite  is:smiling  is:screenshot  is:edited  is:duplicate  type:video  orientation:portrait
  rating:4..  faces:2  size:>12mp  box:47.3,8.4,47.5,8.7 (south,west,north,east)
  sort:newest  oldest  added  name  rating  size

Examples:
  focal search dogs last summer
  focal search 'anna (beach or pool) not "ben miller"'
  focal search thing:bicycle place:Zurich rating:4.. sort:oldest
  focal search 'camera:"Pixel 7"' date:2023-05..2023-08 --limit 20
  focal search is:favourite type:video --count
  focal search -- dogs -car                    after -- a - in front means not
  focal search cat --json
  focal albums save "Dogs of summer" dogs last summer`;

export function addSearch(
  program: Command,
  handlers: SearchHandlers,
  toRequest: (command: Command) => LibraryRequest,
  onExit: (code: ExitCode) => void,
): void {
  program
    .command('search')
    .description('Find photos and videos of the library: things, people, text, dates, places, cameras, colours')
    .argument('<words...>', 'words and chips; all of them have to fit')
    .option('--limit <number>', 'at most so many (default 100)', wholeNumber(1, 100_000))
    .option('--count', 'only tell how many there are')
    .addHelpText('after', SEARCH_HELP)
    .action(
      async (
        words: string[],
        { limit = 100, count = false }: { limit?: number; count?: boolean },
        command: Command,
      ) => {
        onExit(await handlers.search({ ...toRequest(command), query: words.join(' '), limit, isCount: count }));
      },
    );
  program
    .command('places')
    .description('List cities near which photos of the library were taken, with how many')
    .addHelpText('after', '\nExamples:\n  focal places\n  focal search place:Zurich\n  focal places --json')
    .action(async (_, command: Command) => {
      onExit(await handlers.places(toRequest(command)));
    });
  const albums = program
    .command('albums')
    .description(
      'List albums of the library; fill, order and describe them, keep searches as smart ones, share, make private',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  focal albums\n  focal albums save "Dogs of summer" dogs last summer    a smart album: what this finds, at any time\n  focal albums save Holidays                             an album to be filled by hand\n  focal albums add Holidays beach.jpg sunset.jpg         also take-out, order, photos\n  focal albums change Holidays --cover beach.jpg         also --name, --description\n  focal search \'album:"Dogs of summer"\'\n  focal albums remove Holidays                           its photos stay\n  focal albums share Holidays --expires 7d               a link for guests on the local network\n  focal albums private Diary                             seen by who has the password only',
    )
    .action(async (_, command: Command) => {
      onExit(await handlers.albums(toRequest(command)));
    });
  albums
    .command('save')
    .description('Make an album; with a search, a smart one. A smart album of this name takes the new search')
    .argument('<name>', 'its name')
    .argument('[words...]', 'what it searches for')
    .action(async (name: string, words: string[], _, command: Command) => {
      onExit(await handlers.saveAlbum({ ...toRequest(command), name, query: words.join(' ') }));
    });
  albums
    .command('remove')
    .description('Delete an album; its photos stay in the library')
    .argument('<name>', 'its name')
    .action(async (name: string, _, command: Command) => {
      onExit(await handlers.removeAlbum({ ...toRequest(command), name }));
    });
  addAlbumContent(albums, handlers, toRequest, onExit);
  addAlbumAccess(albums, handlers, toRequest, onExit);
}
