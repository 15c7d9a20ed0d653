import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputFormat } from 'focal';
import { addBatchOptions, type BatchValues, toBatch } from './batch.ts';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import { wholeNumber } from './option-values.ts';
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

/** What fonts are for. */
export const FONT_HELP = 'a font (TTF, OTF) for text in other scripts than Latin, Greek and Cyrillic';

interface RenderValues extends BatchValues {
  readonly recipe: string;
  readonly picture?: Readonly<Record<string, string>>;
  readonly lenient?: boolean;
  readonly font?: string;
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly watch?: string;
}

export function addRender(
  program: Command,
  handlers: { render(request: RenderRequest): Promise<ExitCode> },
  onExit: (code: ExitCode) => void,
): void {
  const command = program
    .command('render')
    .description('Apply a recipe: several effects, each to whom it names')
    .argument('[pictures...]', "files, folders, patterns such as 'photos/*.jpg', or - for standard input")
    .requiredOption('--recipe <file>', 'the recipe, JSON')
    .addOption(
      new Option('--picture <name=file>', 'a picture that the recipe uses, by its name there; repeatable').argParser(
        namedFile,
      ),
    )
    .option('--font <file>', FONT_HELP)
    .option('--lenient', 'leave out steps that name somebody who is not in a picture, with a warning')
    .option('-o, --output <place>', "file, folder/, pattern such as 'out/{name}.{ext}', or - for standard output")
    .addOption(
      new Option('--format <format>', 'format of the result (default: by the name of -o)').choices([
        'png',
        'webp',
        'avif',
        'jpeg',
        'tiff',
      ]),
    )
    .option('--quality <number>', 'of lossy formats, 1 to 100 (default 90, avif 60)', wholeNumber(1, 100))
    .option('-r, --recursive', 'with folders: their subfolders too')
    .option('-f, --force', 'write over results that exist (never over originals)')
    .option('--watch <folder>', 'work on every picture that appears in the folder, until Ctrl-C');
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
      const { picture = {}, font, output, format, quality, watch } = options;
      if (inputs.length === 0 && watch === undefined) command.error('error: Name at least one picture, or a folder.');
      if (inputs.length > 0 && watch !== undefined) {
        command.error('error: --watch works on new pictures only; name no others beside it.');
      }
      const request: RenderRequest = {
        recipe: options.recipe,
        inputs,
        pictures: picture,
        ...(font === undefined ? {} : { font }),
        lenient: options.lenient ?? false,
        recursive: options.recursive ?? false,
        force: options.force ?? false,
        batch: toBatch(options, command, options.force ?? false),
        json: isJson(command),
        quiet: command.optsWithGlobals<GlobalValues>().quiet ?? false,
        focal: toFocalOptions(command),
        ...(output === undefined ? {} : { output }),
        ...(format === undefined ? {} : { format }),
        ...(quality === undefined ? {} : { quality }),
        ...(watch === undefined ? {} : { watch }),
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
