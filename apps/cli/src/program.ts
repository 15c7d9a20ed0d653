import { Argument, Command, Option } from 'commander';
import type { FocalOptions } from 'focal';
import { addBatchOptions } from './batch.ts';
import type { EditRequest } from './edit-command.ts';
import { readFlags, toOptions } from './effect-flags.ts';
import type { EffectInfo, EffectList } from './effect-list.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import { addLibrary, type LibraryHandlers } from './library-program.ts';
import { addModels, type ModelHandlers } from './models-program.ts';
import { byteCount, hostNames, margin, origins, ownModel, pixelCount, wholeNumber } from './option-values.ts';
import { addPeople, type PeopleHandlers } from './people-program.ts';
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
import { addRender, type RenderRequest } from './render-program.ts';
import { addAnalyze, type SceneHandlers } from './scene-program.ts';
import { addCrop, addPick, addSaliency } from './scene-results-program.ts';
import type { ServeRequest } from './serve-command.ts';
import { addSmart, type SmartRequest } from './smart-program.ts';
import { addVideo, type VideoHandlers } from './video-program.ts';

/** What the commands do. Each loads its code when it is called: `--help` must not wait for it. */
export interface Handlers extends SceneHandlers, ModelHandlers, VideoHandlers, LibraryHandlers, PeopleHandlers {
  edit(request: EditRequest): Promise<ExitCode>;
  render(request: RenderRequest): Promise<ExitCode>;
  smart(request: SmartRequest): Promise<ExitCode>;
  doctor(request: { focal: FocalOptions; json: boolean; prune: boolean; dryRun: boolean }): Promise<ExitCode>;
  cache(options: FocalOptions, request: { clear: boolean; json: boolean }): Promise<ExitCode>;
  serve(request: ServeRequest): Promise<ExitCode>;
}

export interface ProgramOptions extends EffectList {
  readonly version: string;
  readonly handlers: Handlers;
  /** Called with the exit code when a command has ended. */
  readonly onExit: (code: ExitCode) => void;
}

/** The whole command line as data. Parsing errors throw commander's CommanderError instead of ending the process. */
export function createProgram({ version, effects, focus, handlers, onExit }: ProgramOptions): Command {
  const program = new Command('focal')
    .description('A private photo studio on your own machine: cut out, blur, and serve the studio and its API.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help, also for one command: focal cutout --help')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Run it with --help to see what there is.')
    .exitOverride()
    .addOption(
      new Option('--json', 'print JSON instead of text: a line for each file and a summary').default(undefined),
    )
    .addOption(new Option('-q, --quiet', 'print errors only'))
    .addOption(new Option('--device <device>', 'where models run').choices(['auto', 'cpu', 'webgpu', 'cuda']))
    .addOption(new Option('--threads <number>', 'threads for models and for pixels').argParser(wholeNumber(1, 256)))
    .addOption(new Option('--profile <profile>', 'speed against memory').choices(['auto', 'fast', 'low-memory']))
    .addOption(
      new Option('--max-pixels <number>', 'refuse larger pictures before decoding (default 100MP)').argParser(
        pixelCount,
      ),
    )
    .addOption(
      new Option(
        '--model <task=file>',
        'a model of your own for matte, person-matte, objects, identity or expression; repeatable',
      ).argParser(ownModel),
    )
    .addHelpText('after', PROGRAM_EXAMPLES)
    .addHelpText('after', formatExitCodes());

  for (const effect of effects) addEffect(program, effect, handlers, onExit);

  addSmart(program, handlers, onExit);
  addRender(program, handlers, onExit);
  addAnalyze(program, handlers, onExit);
  addSaliency(program, handlers, onExit);
  addCrop(program, handlers, onExit);
  addPick(program, handlers, onExit);
  addVideo(program, { effects, focus }, handlers, onExit);
  addLibrary(program, handlers, onExit);
  addPeople(program, handlers, onExit);
  addModels(program, handlers, onExit);

  program
    .command('doctor')
    .description('Show device, versions, memory and models, what is wrong and how to mend it')
    .option('--prune', "delete other platforms' programs from node_modules, and tell what that frees")
    .option('--dry-run', 'with --prune: only tell')
    .addHelpText('after', '\nExamples:\n  focal doctor\n  focal doctor --prune --dry-run')
    .action(async (options: { prune?: boolean; dryRun?: boolean }, command: Command) => {
      const { prune = false, dryRun = false } = options;
      if (dryRun && !prune) command.error('error: --dry-run goes with --prune.');
      onExit(await handlers.doctor({ focal: toFocalOptions(command), json: isJson(command), prune, dryRun }));
    });

  program
    .command('cache')
    .description('Show where prepared models are kept and how much they take, or delete them')
    .addArgument(new Argument('[action]', 'clear: delete what can be made again').choices(['clear']))
    .addHelpText('after', '\nExamples:\n  focal cache\n  focal cache clear')
    .action(async (action: 'clear' | undefined, _, command: Command) => {
      onExit(await handlers.cache(toFocalOptions(command), { clear: action === 'clear', json: isJson(command) }));
    });

  program
    .command('serve')
    .description('Serve the studio and the API')
    .option('-p, --port <number>', 'port, 0 for any (default 4600, or the next free one)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on (default 127.0.0.1: this machine only)')
    .option('--allow-host <name>', 'another name the server goes by, such as a proxy before it; repeatable', hostNames)
    .option('--allow-origin <url>', 'a page elsewhere that may use the server, by its origin; repeatable', origins)
    .option(
      '--page <file>',
      "another program's single page in place of the studio, with /ws as FOCUSR's page speaks it",
    )
    .option('--token <text>', 'what clients have to know; made up where other machines can reach it')
    .option('--max-body <size>', 'largest request body, such as 40MB', byteCount)
    .option('--max-queue <number>', 'requests that may wait before new ones are sent away', wholeNumber(0, 100_000))
    .option('--concurrency <number>', 'pictures worked on at once', wholeNumber(1, 64))
    .option('--timeout <seconds>', 'longest time for one picture', wholeNumber(1, 86_400))
    .option(
      '--max-wait <seconds>',
      'longest time for a picture to wait for its turn (default 120)',
      wholeNumber(1, 86_400),
    )
    .option(
      '--share-port <number>',
      'port for guests of shared albums, while sharing is on (default 4680)',
      wholeNumber(0, 65_535),
    )
    .option('--open', 'open the studio in the browser where there is a desktop')
    .addHelpText(
      'after',
      '\nExamples:\n  focal serve --open\n  focal serve --port 8080\n  focal serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"\n  focal serve --allow-host studio.example.org    behind a proxy of that name\n  focal serve --page focusr.html',
    )
    .action(async (options: Omit<ServeRequest, 'focal' | 'json' | 'quiet'>, command: Command) => {
      const { quiet = false } = command.optsWithGlobals<GlobalValues>();
      onExit(await handlers.serve({ ...options, focal: toFocalOptions(command), json: isJson(command), quiet }));
    });
  return program;
}

interface EditValues extends BatchOptionValues {
  readonly known?: string;
  readonly report?: boolean;
  readonly font?: string;
  readonly on?: string;
  readonly lenient?: boolean;
  readonly maskOnly?: boolean;
  readonly trim?: number;
}

function addEffect(program: Command, effect: EffectInfo, handlers: Handlers, onExit: (code: ExitCode) => void): void {
  const command = program.command(effect.name).description(effect.description).argument('[pictures...]', PICTURES_HELP);
  for (const option of toOptions(effect)) command.addOption(option);
  if (effect.writes) command.option('--font <file>', FONT_HELP);
  if (effect.hides) {
    command
      .option(
        '--known <folder>',
        'spare who is known: a picture of each, or a folder of pictures of each, by their names',
      )
      .option('--no-report', 'do not attack the result to see what is left of who they are');
  }
  if (effect.on !== undefined) {
    command
      .option(
        '--on <whom>',
        'whom it acts on: main, background, everything, everyone, things, things:dog, largest, most-smiling, faces, ' +
          `unknown-faces, person-2, except:person-1,person-3 or at:0.4,0.6 (default ${effect.on})`,
      )
      .option('--lenient', 'leave pictures as they are where nobody is there whom --on names, with a warning');
  }
  addMetadataOption(addOutputOptions(command, 'out/{name}-cut.{ext}'))
    .option('--mask-only', 'write the mask of the subject, in grey')
    .addOption(
      new Option('--trim [margin]', 'crop to the subject, with a margin such as 0.05 or 5% of its longer side')
        .argParser(margin)
        .hideHelp(effect.name !== 'cutout'),
    );
  addFileOptions(command);
  addWatchOption(command);
  addBatchOptions(command)
    .addHelpText('after', examplesOf(effect.name))
    .action(async (inputs: string[], options: EditValues & Record<string, unknown>) => {
      const { on, known, font, trim } = options;
      const request: EditRequest = {
        ...toBatchRequest(inputs, options, command),
        effect: effect.name,
        flags: readFlags(effect, options),
        maskOnly: options.maskOnly ?? false,
        lenient: options.lenient ?? false,
        ...(on === undefined ? {} : { on }),
        ...(font === undefined ? {} : { font }),
        ...(known === undefined ? {} : { known }),
        report: options.report ?? true,
        ...(trim === undefined ? {} : { trim }),
      };
      onExit(await handlers.edit(request));
    });
}

const PROGRAM_EXAMPLES = `
Examples:
  focal cutout photo.jpg                        photo-cutout.png beside it
  focal cutout photo.jpg -o white.jpg --color white
  focal bokeh portrait.jpg -o out/              out/portrait.jpg
  focal cutout 'photos/*.jpg' -o 'out/{name}-cut.{ext}' --trim 5%
  focal crop photo.jpg --aspect 1:1,16:9        photo-1x1.jpg, photo-16x9.jpg
  focal serve --open                            the studio in your browser`;

function formatExitCodes(): string {
  return `\nExit codes:\n${exitCodes.map(({ code, means }) => `  ${String(code).padEnd(5)}${means}`).join('\n')}`;
}

function examplesOf(name: string): string {
  const own = EXAMPLES[name] ?? [];
  const how = name === 'caption' ? " --text 'Rome'" : '';
  const common = [
    `focal ${name} photo.jpg${how}                     photo-${name}.${name === 'cutout' ? 'png' : 'jpg'} beside it`,
    `focal ${name} photos/${how} -o out/               every picture of a folder`,
    `focal ${name} -${how} < in.jpg > out.png          from and to a pipe`,
    `focal ${name}${how} --watch inbox/ -o done/       whatever appears in inbox`,
  ];
  return `\nExamples:\n${[...own, ...common].map((line) => `  ${line}`).join('\n')}`;
}

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  caption: [
    "focal caption photo.jpg --text 'Summer in Lisbon'",
    "focal caption photos/ -o out/ --text 'Rome' --style banner --place top",
  ],
  anonymize: [
    'focal anonymize group.jpg                   faces, with a report on what is left of them',
    'focal anonymize group.jpg --hide people --style mosaic',
    'focal anonymize photos/ -o out/ --known friends/   friends/anna.jpg, friends/ben/1.jpg: all but them',
    'focal anonymize group.jpg --on except:person-2',
  ],
  cutout: [
    'focal cutout photo.jpg --color white -o white.jpg',
    'focal cutout photo.jpg --background-picture beach.jpg',
    'focal cutout photo.jpg --mask-only           photo-mask.png',
    'focal cutout *.jpg --trim 5% -o cut/',
  ],
};
