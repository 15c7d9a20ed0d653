import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import type { LibraryRequest } from './library-program.ts';
import { wholeNumber } from './option-values.ts';

/** What `focal people` is asked for. People are named by id or name. */
export type PeopleTask =
  | {
      readonly do: 'list';
      readonly hidden: boolean;
      readonly named: boolean;
      readonly minFaces: number;
      readonly limit: number;
    }
  | { readonly do: 'show'; readonly person: string; readonly limit: number }
  | { readonly do: 'faces'; readonly person: string | undefined; readonly limit: number }
  | { readonly do: 'name'; readonly person: string; readonly name: string }
  | { readonly do: 'merge'; readonly into: string; readonly from: readonly string[]; readonly allowDoubles: boolean }
  | { readonly do: 'apart'; readonly people: readonly [string, string] }
  | { readonly do: 'split'; readonly faces: readonly number[]; readonly name: string | undefined }
  | { readonly do: 'move'; readonly faces: readonly number[]; readonly person: string }
  | { readonly do: 'reject'; readonly faces: readonly number[]; readonly person: string | undefined }
  | { readonly do: 'no-face'; readonly faces: readonly number[] }
  | { readonly do: 'hide' | 'favourite'; readonly person: string; readonly isSo: boolean }
  | { readonly do: 'cover'; readonly person: string; readonly face: number | null }
  | { readonly do: 'suggest'; readonly person: string | undefined; readonly limit: number }
  | { readonly do: 'search'; readonly picture: string; readonly limit: number; readonly face: number }
  | { readonly do: 'undo' };

export interface PeopleHandlers {
  people(request: LibraryRequest & { readonly task: PeopleTask }): Promise<ExitCode>;
}

const PERSON_HELP = 'id or name of a person';
const FACES_HELP = 'ids of faces, as `focal people faces` lists them';
const EXAMPLES = `
Examples:
  focal people                          who is seen, favourites and names first
  focal people name 12 "Ada Lovelace"
  focal people show Ada                 paths of photos that show Ada
  focal people merge Ada 31             31 is Ada, too
  focal people faces Ada                faces, with their ids
  focal people reject 4711              this face is not who it was taken for
  focal people suggest                  what Focal is not sure of
  focal people search portrait.jpg      who is this?
  focal people undo

People have ids that stay theirs. Every command takes --json.`;

export function addPeople(program: Command, handlers: PeopleHandlers, onExit: (code: ExitCode) => void): void {
  const run = async (command: Command, task: PeopleTask): Promise<void> => {
    const { quiet = false } = command.optsWithGlobals<GlobalValues>();
    onExit(await handlers.people({ focal: toFocalOptions(command), json: isJson(command), quiet, task }));
  };
  const people = program
    .command('people')
    .description('Who is seen in the photos of the library: name, merge, split, find by a picture')
    .addHelpText('after', EXAMPLES)
    .action((_, command: Command) =>
      run(command, { do: 'list', hidden: false, named: false, minFaces: 1, limit: 100 }),
    );
  people
    .command('list')
    .description('List people: favourites, then those with a name, then the others by number of faces')
    .option('--hidden', 'those who are hidden')
    .option('--named', 'only those with a name')
    .option('--min-faces <number>', 'at least so many faces, of those without a name', wholeNumber(1, 1_000_000))
    .option('--limit <number>', 'at most so many (default 100)', wholeNumber(1, 100_000))
    .addHelpText('after', '\nExamples:\n  focal people list --min-faces 5\n  focal people list --hidden --json')
    .action((options: { hidden?: boolean; named?: boolean; minFaces?: number; limit?: number }, command: Command) => {
      const { hidden = false, named = false, minFaces = 1, limit = 100 } = options;
      return run(command, { do: 'list', hidden, named, minFaces, limit });
    });
  people
    .command('show')
    .description('Paths of photos and videos that show a person, newest first')
    .argument('<person>', PERSON_HELP)
    .option('--limit <number>', 'at most so many (default 1000)', wholeNumber(1, 100_000))
    .addHelpText('after', '\nExamples:\n  focal people show Ada\n  focal people show 12 --json')
    .action((person: string, { limit = 1000 }: { limit?: number }, command: Command) =>
      run(command, { do: 'show', person, limit }),
    );
  people
    .command('faces')
    .description('List the faces of a person with their ids, the best first; of nobody known where none is named')
    .argument('[person]', PERSON_HELP)
    .option('--limit <number>', 'at most so many (default 100)', wholeNumber(1, 100_000))
    .addHelpText('after', '\nExamples:\n  focal people faces Ada\n  focal people faces --limit 20')
    .action((person: string | undefined, { limit = 100 }: { limit?: number }, command: Command) =>
      run(command, { do: 'faces', person, limit }),
    );
  people
    .command('name')
    .description('Give a person a name; an empty one takes it away')
    .argument('<person>', PERSON_HELP)
    .argument('<name>', 'such as "Ada Lovelace"')
    .addHelpText('after', '\nExample:\n  focal people name 12 "Ada Lovelace"')
    .action((person: string, name: string, _, command: Command) => run(command, { do: 'name', person, name }));
  people
    .command('merge')
    .description('These are all one person, who goes on as the first')
    .argument('<into>', PERSON_HELP)
    .argument('<from...>', 'others who are the same person')
    .option('--mirror', 'photos that show two of them are mirrors or collages')
    .addHelpText('after', '\nExample:\n  focal people merge Ada 31 45')
    .action((into: string, from: string[], { mirror = false }: { mirror?: boolean }, command: Command) =>
      run(command, { do: 'merge', into, from, allowDoubles: mirror }),
    );
  people
    .command('apart')
    .description('These are two people, however alike')
    .argument('<person>', PERSON_HELP)
    .argument('<other>', PERSON_HELP)
    .addHelpText('after', '\nExample:\n  focal people apart Ada Berta')
    .action((one: string, other: string, _, command: Command) => run(command, { do: 'apart', people: [one, other] }));
  people
    .command('split')
    .description('These faces are one person, and another than they were thought to be')
    .argument('<faces...>', FACES_HELP)
    .option('--name <name>', 'who it is')
    .addHelpText('after', '\nExample:\n  focal people split 4711 4712 --name Berta')
    .action((faces: string[], { name }: { name?: string }, command: Command) =>
      run(command, { do: 'split', faces: faces.map(toId), name }),
    );
  people
    .command('move')
    .description('These faces are this person')
    .argument('<person>', PERSON_HELP)
    .argument('<faces...>', FACES_HELP)
    .addHelpText('after', '\nExample:\n  focal people move Ada 4711')
    .action((person: string, faces: string[], _, command: Command) =>
      run(command, { do: 'move', faces: faces.map(toId), person }),
    );
  people
    .command('reject')
    .description('These faces are not who they were taken for')
    .argument('<faces...>', FACES_HELP)
    .option('--person <person>', 'whom they are not')
    .addHelpText('after', '\nExample:\n  focal people reject 4711')
    .action((faces: string[], { person }: { person?: string }, command: Command) =>
      run(command, { do: 'reject', faces: faces.map(toId), person }),
    );
  people
    .command('no-face')
    .description('These are no faces')
    .argument('<faces...>', FACES_HELP)
    .addHelpText('after', '\nExample:\n  focal people no-face 4711')
    .action((faces: string[], _, command: Command) => run(command, { do: 'no-face', faces: faces.map(toId) }));
  for (const [name, what, isSo, description] of [
    ['hide', 'hide', true, 'Leave a person out of lists and suggestions; photos stay'],
    ['unhide', 'hide', false, 'Show a hidden person again'],
    ['favourite', 'favourite', true, 'Put a person first'],
    ['unfavourite', 'favourite', false, 'Put a person first no longer'],
  ] as const) {
    people
      .command(name)
      .description(description)
      .argument('<person>', PERSON_HELP)
      .addHelpText('after', `\nExample:\n  focal people ${name} Ada`)
      .action((person: string, _, command: Command) => run(command, { do: what, person, isSo }));
  }
  people
    .command('cover')
    .description('Choose the face that stands for a person; the best one where none is named')
    .argument('<person>', PERSON_HELP)
    .argument('[face]', 'id of a face')
    .addHelpText('after', '\nExample:\n  focal people cover Ada 4711')
    .action((person: string, face: string | undefined, _, command: Command) =>
      run(command, { do: 'cover', person, face: face === undefined ? null : toId(face) }),
    );
  people
    .command('suggest')
    .description('List what Focal is not sure of, the surest first, with what to type for yes and for no')
    .argument('[person]', 'only about this person')
    .option('--limit <number>', 'at most so many (default 20)', wholeNumber(1, 200))
    .addHelpText('after', '\nExamples:\n  focal people suggest\n  focal people suggest Ada --limit 5')
    .action((person: string | undefined, { limit = 20 }: { limit?: number }, command: Command) =>
      run(command, { do: 'suggest', person, limit }),
    );
  people
    .command('search')
    .description('Who is this? The people nearest to a face of a picture')
    .argument('<picture>', 'any picture')
    .option('--limit <number>', 'at most so many (default 10)', wholeNumber(1, 60))
    .option('--face <number>', 'which face, counted from the largest one (default 1)', wholeNumber(1, 1000))
    .addHelpText('after', '\nExamples:\n  focal people search portrait.jpg\n  focal people search portrait.jpg --json')
    .action((picture: string, { limit = 10, face = 1 }: { limit?: number; face?: number }, command: Command) =>
      run(command, { do: 'search', picture, limit, face }),
    );
  people
    .command('undo')
    .description('Take the last action with people back; again for the one before')
    .addHelpText('after', '\nExample:\n  focal people undo')
    .action((_, command: Command) => run(command, { do: 'undo' }));
}

const toId = wholeNumber(1, 2 ** 31 - 1);
