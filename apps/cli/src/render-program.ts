import { type Command, InvalidArgumentError, Option } from 'commander';
import { addBatchOptions } from './batch.ts';
import type { ExitCode } from './exit-codes.ts';
import {
  addFileOptions,
  addMetadataOption,
  addOutputOptions,
  addWatchOption,
  type BatchOptionValues,
  FONT_HELP,
  PICTURES_HELP,
  toBatchRequest,
} from './picture-options.ts';
import type { BatchRequest } from './run-batch.ts';

/** Everything the command line said about `focal render`. */
export interface RenderRequest extends BatchRequest {
  readonly recipe: string;
  /** Paths of further pictures by the recipe's names for them. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly lenient: boolean;
  /** Path of a font. */
  readonly font?: string;
}

interface RenderValues extends BatchOptionValues {
  readonly recipe: string;
  readonly picture?: Readonly<Record<string, string>>;
  readonly lenient?: boolean;
  readonly font?: string;
}

export function addRender(
  program: Command,
  handlers: { render(request: RenderRequest): Promise<ExitCode> },
  onExit: (code: ExitCode) => void,
): void {
  const command = program
    .command('render')
    .description('Apply a recipe: several effects, each to whom it names')
    .argument('[pictures...]', PICTURES_HELP)
    .requiredOption('--recipe <file>', 'the recipe, JSON')
    .addOption(
      new Option('--picture <name=file>', 'a picture that the recipe uses, by its name there; repeatable').argParser(
        namedFile,
      ),
    )
    .option('--font <file>', FONT_HELP)
    .option('--lenient', 'leave out steps that name somebody who is not in a picture, with a warning');
  addMetadataOption(addOutputOptions(command, 'out/{name}.{ext}'));
  addFileOptions(command);
  addWatchOption(command);
  addBatchOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  focal render photo.jpg --recipe look.json      photo-render.jpg beside it
  focal render photos/ --recipe look.json -o out/ --lenient
  focal render photo.jpg --recipe look.json --picture beach=beach.jpg

A recipe:
  {"format": "focal-recipe", "version": 1, "look": {"steps": [
    {"effect": "bokeh", "on": "everyone", "params": {"radius": 0.02}}]}}
  "on" is one of everything, main, background, everyone, things, things:dog, largest, most-smiling, faces,
  unknown-faces, person-2, except:person-1,person-3, at:0.4,0.6. More in docs/recipes.md.`,
    )
    .action(async (inputs: string[], options: RenderValues) => {
      const { picture = {}, font } = options;
      const request: RenderRequest = {
        ...toBatchRequest(inputs, options, command),
        recipe: options.recipe,
        pictures: picture,
        ...(font === undefined ? {} : { font }),
        lenient: options.lenient ?? false,
      };
      onExit(await handlers.render(request));
    });
}

function namedFile(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals > 0 && equals < text.length - 1) {
    return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
  }
  throw new InvalidArgumentError('Expected NAME=FILE, such as beach=beach.jpg.');
}
