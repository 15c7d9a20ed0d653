import type { Point } from '@focal/core';
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { fractions } from './option-values.ts';
import {
  addFileOptions,
  addMetadataOption,
  addOutputOptions,
  PICTURES_HELP,
  type PictureValues,
  toPictureRequest,
} from './picture-options.ts';
import type { SceneHandlers } from './scene-program.ts';
import type { ResultRequest } from './scene-results.ts';

interface ResultValues extends PictureValues {
  readonly cache?: boolean;
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
  addMetadataOption(addResultOptions(command, 'out/{name}-{aspect}.{ext}'))
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
  addMetadataOption(addResultOptions(command, 'out/{name}-cup.{ext}'))
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
  command.argument('<pictures...>', PICTURES_HELP);
  addOutputOptions(command, pattern).option(
    '--no-cache',
    'look again at photos that are known, and do not keep what is found',
  );
  return addFileOptions(command);
}

function toResultRequest(inputs: string[], options: ResultValues, command: Command): ResultRequest {
  return { ...toPictureRequest(inputs, options, command), cache: options.cache ?? true };
}
