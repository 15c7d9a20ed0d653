import { type Command, Option } from 'commander';
import { addBatchOptions } from './batch.ts';
import type { ExitCode } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
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

interface SmartValues extends BatchOptionValues {
  readonly seed: number;
  readonly group: 'most-smiling' | 'all';
  readonly mood?: string;
  readonly caption?: string | boolean;
  readonly rules?: string;
  readonly backgrounds?: string;
  readonly font?: string;
}

export function addSmart(
  program: Command,
  handlers: { smart(request: SmartRequest): Promise<ExitCode> },
  onExit: (code: ExitCode) => void,
): void {
  const command = program
    .command('smart')
    .description('Choose background, frame, tone and caption by the expression of faces and what else is in a photo')
    .argument('[pictures...]', PICTURES_HELP)
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
    .option('--font <file>', FONT_HELP);
  addMetadataOption(addOutputOptions(command, 'out/{name}.{ext}'));
  addFileOptions(command);
  addWatchOption(command);
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
      const { mood, caption, rules, backgrounds, font } = options;
      const text = caption === false ? '' : typeof caption === 'string' ? caption : undefined;
      const request: SmartRequest = {
        ...toBatchRequest(inputs, options, command),
        seed: options.seed,
        group: options.group,
        ...(mood === undefined ? {} : { mood }),
        ...(text === undefined ? {} : { caption: text }),
        ...(rules === undefined ? {} : { rules }),
        ...(backgrounds === undefined ? {} : { backgrounds }),
        ...(font === undefined ? {} : { font }),
      };
      onExit(await handlers.smart(request));
    });
}
