import type { Point } from '@focal/core';
import { type Command, Option } from 'commander';
import type { OutputFormat } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import { fractions, wholeNumber } from './option-values.ts';
import type { SceneHandlers } from './scene-program.ts';
import type { ResultRequest } from './scene-results.ts';

interface ResultValues {
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly cache?: boolean;
  readonly recursive?: boolean;
  readonly force?: boolean;
}

export function addSaliency(program: Command, handlers: SceneHandlers, onExit: (code: ExitCode) => void): void {
  const command = program
    .command('saliency')
    .description('Find out what photos are about, and draw the evidence for it')
    .option('--heat', 'the evidence as heat over the photo, rather than alone in grey');
  addResultOptions(command, 'out/{name}-why.{ext}')
    .addHelpText(
      'after',
      `
Examples:
  focal saliency photo.jpg                     photo-saliency.png, and in words what it is about
  focal saliency photo.jpg --heat -o why.jpg   as heat over the photo
  focal saliency photos/ --json -o maps/       a line for each photo`,
    )
    .action(async (inputs: string[], options: ResultValues & { readonly heat?: boolean }) => {
      onExit(await handlers.saliency({ ...toResultRequest(inputs, options, command), heat: options.heat ?? false }));
    });
}

export function addCrop(program: Command, handlers: SceneHandlers, onExit: (code: ExitCode) => void): void {
  const command = program
    .command('crop')
    .description('Cut photos to a shape around what they are about: faces and the main subject stay whole')
    .requiredOption('--aspect <list>', 'width by height, several with commas: 1:1,16:9 or 1.91');
  addResultOptions(command, 'out/{name}-{aspect}.{ext}')
    .addHelpText(
      'after',
      `
Examples:
  focal crop photo.jpg --aspect 1:1            photo-1x1.jpg beside it
  focal crop photo.jpg --aspect 1:1,16:9 -o out/
  focal crop 'photos/*.jpg' --aspect 4:5 -o 'out/{aspect}/{name}.{ext}' --format webp
  focal crop - --aspect 16:9 < in.jpg > out.jpg`,
    )
    .action(async (inputs: string[], options: ResultValues & { readonly aspect: string }) => {
      onExit(await handlers.crop({ ...toResultRequest(inputs, options, command), aspects: options.aspect }));
    });
}

interface PickValues extends ResultValues {
  readonly at: Point;
  readonly maskOnly?: boolean;
}

export function addPick(program: Command, handlers: SceneHandlers, onExit: (code: ExitCode) => void): void {
  const command = program
    .command('pick')
    .description('Cut out what is at a point of photos: a person, a thing, or what stands out there')
    .requiredOption('--at <point>', 'from the left and from the top, in fractions or percent: 0.4,0.6', fractions)
    .option('--mask-only', 'write the mask of what was picked, in grey');
  addResultOptions(command, 'out/{name}-cup.{ext}')
    .addHelpText(
      'after',
      `
Examples:
  focal pick photo.jpg --at 0.4,0.6            photo-pick.png, and in words what it is
  focal pick photo.jpg --at 40%,60% -o cup.png
  focal pick photo.jpg --at 0.4,0.6 --json --mask-only`,
    )
    .action(async (inputs: string[], options: PickValues) => {
      const { at, maskOnly = false } = options;
      onExit(await handlers.pick({ ...toResultRequest(inputs, options, command), at, maskOnly }));
    });
}

function addResultOptions(command: Command, pattern: string): Command {
  return command
    .argument('<pictures...>', "files, folders, patterns such as 'photos/*.jpg', or - for standard input")
    .option('-o, --output <place>', `file, folder/, pattern such as '${pattern}', or - for standard output`)
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
    .option('--no-cache', 'look again at photos that are known, and do not keep what is found')
    .option('-r, --recursive', 'with folders: their subfolders too')
    .option('-f, --force', 'write over results that exist (never over originals)');
}

function toResultRequest(inputs: string[], options: ResultValues, command: Command): ResultRequest {
  const { output, format, quality } = options;
  return {
    inputs,
    cache: options.cache ?? true,
    recursive: options.recursive ?? false,
    force: options.force ?? false,
    json: isJson(command),
    quiet: command.optsWithGlobals<GlobalValues>().quiet ?? false,
    focal: toFocalOptions(command),
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format }),
    ...(quality === undefined ? {} : { quality }),
  };
}
