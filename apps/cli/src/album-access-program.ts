import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { LibraryRequest } from './library-program.ts';

/** When a link ends: so long from now, or on a day. */
export type Expiry = { readonly inMs: number } | { readonly at: number };

/** What is asked for of who may see an album. Albums are named by name or id. */
export type AccessTask =
  | {
      readonly do: 'share';
      readonly album: string;
      readonly expires: Expiry;
      readonly hasPassword: boolean;
      /** Whether guests see faces covered, but for those of `except`: people by name or id. */
      readonly isCovered: boolean;
      readonly except: readonly string[];
    }
  | { readonly do: 'shares'; readonly album: string | undefined }
  | { readonly do: 'unshare'; readonly links: readonly number[] }
  | { readonly do: 'sharing'; readonly isOn: boolean | undefined }
  | { readonly do: 'private'; readonly album: string; readonly isOff: boolean }
  | { readonly do: 'unlock'; readonly album: string };

export interface AccessHandlers {
  albumAccess(request: LibraryRequest & { readonly task: AccessTask }): Promise<ExitCode>;
}

interface ShareOptions {
  readonly expires: Expiry;
  readonly password?: boolean;
  readonly cover?: boolean;
  readonly except?: readonly string[];
}

const ALBUM_HELP = 'name or id of an album';
const PASSWORD_HELP =
  '\nThe password is asked for, or comes from standard input or FOCAL_ALBUM_PASSWORD, never from an argument.';

export function addAlbumAccess(
  albums: Command,
  handlers: AccessHandlers,
  toRequest: (command: Command) => LibraryRequest,
  onExit: (code: ExitCode) => void,
): void {
  const run = async (command: Command, task: AccessTask): Promise<void> => {
    onExit(await handlers.albumAccess({ ...toRequest(command), task }));
  };
  albums
    .command('share')
    .description('Make a link by which others on the local network see the photos of an album')
    .argument('<album>', ALBUM_HELP)
    .addOption(
      new Option('--expires <when>', 'how long it holds: 12h, 7d, 4w; or a day: 2026-12-31')
        .argParser(parseExpiry)
        .default({ inMs: 7 * 86_400_000 }, '7d'),
    )
    .option('--password', 'guests have to know a password, too')
    .option('--cover', 'guests see faces covered')
    .option('--except <people...>', 'cover all faces but those of these people: names or ids')
    .addHelpText(
      'after',
      `\nGuests get small pictures, and videos as they are, without names, places or metadata. Sharing has to be on, and focal serve to run.\nWith --cover, whoever Focal is not sure of is covered, too; --except alone covers as well.${PASSWORD_HELP}\n\nExamples:\n  focal albums sharing on\n  focal albums share Party --expires 2d\n  focal albums share Party --except Ada Berta\n  focal albums share Party --password --json`,
    )
    .action((album: string, options: ShareOptions, command: Command) => {
      const { expires, password = false, cover = false, except = [] } = options;
      const isCovered = cover || except.length > 0;
      return run(command, { do: 'share', album, expires, hasPassword: password, isCovered, except });
    });
  albums
    .command('shares')
    .description('List links to albums, and those that ended in the last 30 days')
    .argument('[album]', ALBUM_HELP)
    .addHelpText('after', '\nExamples:\n  focal albums shares\n  focal albums shares Party --json')
    .action((album: string | undefined, _, command: Command) => run(command, { do: 'shares', album }));
  albums
    .command('unshare')
    .description('End links at once')
    .argument('<links...>', 'ids of links, as `focal albums shares` lists them', parseIds)
    .addHelpText('after', '\nExamples:\n  focal albums unshare 3\n  focal albums unshare 3 4 --json')
    .action((links: number[], _, command: Command) => run(command, { do: 'unshare', links }));
  albums
    .command('sharing')
    .description('Turn sharing on or off, or tell how it is; off until it is turned on')
    .argument('[state]', 'on or off', parseState)
    .addHelpText('after', '\nExamples:\n  focal albums sharing\n  focal albums sharing on\n  focal albums sharing off')
    .action((isOn: boolean | undefined, _, command: Command) => run(command, { do: 'sharing', isOn }));
  albums
    .command('private')
    .description('Give an album a password: its photos go from every other view')
    .argument('<album>', ALBUM_HELP)
    .option('--off', 'take the password away')
    .addHelpText(
      'after',
      `\nA forgotten password cannot be brought back. Files stay where they are, and are not encrypted.${PASSWORD_HELP}\n\nExamples:\n  focal albums private Diary\n  focal albums private Diary --off`,
    )
    .action((album: string, { off = false }: { off?: boolean }, command: Command) =>
      run(command, { do: 'private', album, isOff: off }),
    );
  albums
    .command('unlock')
    .description(
      'Open a private album of a running Focal for programs: prints what they send as the header focal-unlock',
    )
    .argument('<album>', ALBUM_HELP)
    .addHelpText(
      'after',
      `\nIt is forgotten when it is not used for 15 minutes.${PASSWORD_HELP}\n\nExamples:\n  focal albums unlock Diary\n  curl -H "focal-unlock: $(focal albums unlock Diary)" http://127.0.0.1:4600/v1/library/albums/3/assets`,
    )
    .action((album: string, _, command: Command) => run(command, { do: 'unlock', album }));
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

export function parseExpiry(text: string): Expiry {
  const span = /^(\d{1,5})([mhdw])$/.exec(text);
  if (span !== null) return { inMs: Number(span[1]) * (UNITS[span[2] as string] as number) };
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day !== null) {
    const [year, month, date] = day.slice(1).map(Number) as [number, number, number];
    // To the end of that day, here.
    const end = new Date(year, month - 1, date, 23, 59, 59);
    if (end.getMonth() === month - 1 && end.getDate() === date) return { at: end.getTime() };
  }
  throw new InvalidArgumentError('Expected a time such as 12h, 7d or 4w, or a day such as 2026-12-31.');
}

function parseState(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new InvalidArgumentError('Expected on or off.');
}

/** One more of several. */
function parseIds(text: string, before: readonly number[] = []): readonly number[] {
  if (/^[1-9]\d{0,8}$/.test(text)) return [...before, Number(text)];
  throw new InvalidArgumentError(`Expected the id of a link, got ${JSON.stringify(text)}.`);
}
