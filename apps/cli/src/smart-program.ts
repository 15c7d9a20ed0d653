import { type Command, Option } from 'commander';
import type { OutputFormat } from 'focal';
import { addBatchOptions, type BatchValues, toBatch } from './batch.ts';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import { wholeNumber } from './option-values.ts';
import { FONT_HELP } from './render-program.ts';
import type { BatchRequest } from './run-batch.ts';

/** Everything the command line said about `focal smart`. */
export interface SmartRequest extends BatchRequest {
  readonly seed: number;
  readonly group: 'most-smiling' | 'all';
  readonly mood?: string;
  /** Empty: none. */
  readonly caption?: string;
  /** Path of the user's rules. */
  readonly rules?: string;
  /** Folder of the user's backgrounds. */
  readonly backgrounds?: string;
  readonly font?: string;
}

interface SmartValues extends BatchValues {
  readonly seed: number;
  readonly group: 'most-smiling' | 'all';
  readonly mood?: string;
  readonly caption?: string | boolean;
  readonly rules?: string;
  readonly backgrounds?: string;
  readonly font?: string;
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly watch?: string;
}

export function addSmart(
  program: Command,
  handlers: { smart(request: SmartRequest): Promise<ExitCode> },
  onExit: (code: ExitCode) => void,
): void {
  const command = program
    .command('smart')
    .description('Choose background, frame, tone and caption by the expression of faces and what else is in a photo')
    .argument('[pictures...]', "files, folders, patterns such as 'photos/*.jpg', or - for standard input")
    .addOption(
      new Option('--seed <number>', 'another number, another roll').default(1).argParser(wholeNumber(0, 999_999)),
    )
    .addOption(
      new Option('--group <who>', 'which face decides in a group')
        .choices(['most-smiling', 'all'])
        .default('most-smiling'),
    )
    .option('--mood <word>', 'in place of what the rules choose: party, rainbow, snow, calm, warm, nature, elegant …')
    .option('--caption <text>', "in place of the rules' own")
    .option('--no-caption', 'without a caption')
    .option('--rules <file>', 'rules of your own, YAML or JSON, which come before those of Focal')
    .option('--backgrounds <folder>', 'pictures of your own, told by the words of their names or by a tags.json')
    .option('--font <file>', FONT_HELP)
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
It looks at expressions, which are what faces show, not what people feel. It tells what it saw and why it chose so.

Examples:
  focal smart me.jpg                             me-smart.jpg beside it
  focal smart me.jpg --seed 2 -o other.jpg       another roll
  focal smart team.jpg --group all --mood party
  focal smart photos/ -o out/ --backgrounds my-backgrounds/ --rules my-rules.yaml --no-caption

Rules of your own:
  format: focal-rules
  version: 1
  moods:
    office: { words: [work], looks: [[{ effect: background, params: { kind: color, color: '#224466' } }]] }
  rules:
    - { name: serious is for the office, when: { smile: { max: 0.2 } }, moods: [office], captions: [At work] }`,
    )
    .action(async (inputs: string[], options: SmartValues) => {
      const { mood, caption, rules, backgrounds, font, output, format, quality, watch } = options;
      if (inputs.length === 0 && watch === undefined) command.error('error: Name at least one picture, or a folder.');
      if (inputs.length > 0 && watch !== undefined) {
        command.error('error: --watch works on new pictures only; name no others beside it.');
      }
      const text = caption === false ? '' : typeof caption === 'string' ? caption : undefined;
      const request: SmartRequest = {
        inputs,
        seed: options.seed,
        group: options.group,
        recursive: options.recursive ?? false,
        force: options.force ?? false,
        batch: toBatch(options, command, options.force ?? false),
        json: isJson(command),
        quiet: command.optsWithGlobals<GlobalValues>().quiet ?? false,
        focal: toFocalOptions(command),
        ...(mood === undefined ? {} : { mood }),
        ...(text === undefined ? {} : { caption: text }),
        ...(rules === undefined ? {} : { rules }),
        ...(backgrounds === undefined ? {} : { backgrounds }),
        ...(font === undefined ? {} : { font }),
        ...(output === undefined ? {} : { output }),
        ...(format === undefined ? {} : { format }),
        ...(quality === undefined ? {} : { quality }),
        ...(watch === undefined ? {} : { watch }),
      };
      onExit(await handlers.smart(request));
    });
}
