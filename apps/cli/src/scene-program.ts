import type { Fact } from '@focal/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { AnalyzeRequest } from './analyze-command.ts';
import type { CropRequest } from './crop-command.ts';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import type { PickRequest } from './pick-command.ts';
import { PICTURES_HELP } from './picture-options.ts';
import type { SaliencyRequest } from './saliency-command.ts';

/** What the commands about scenes do. */
export interface SceneHandlers {
  analyze(request: AnalyzeRequest): Promise<ExitCode>;
  saliency(request: SaliencyRequest): Promise<ExitCode>;
  crop(request: CropRequest): Promise<ExitCode>;
  pick(request: PickRequest): Promise<ExitCode>;
}

// Written out, as `--help` loads no library; a test compares them with core's.
const FACT_NAMES: readonly Fact[] = [
  'matte',
  'objects',
  'faces',
  'expressions',
  'identities',
  'subjects',
  'saliency',
  'possible-faces',
];
const DEFAULT_FACTS: readonly Fact[] = FACT_NAMES.filter((fact) => fact !== 'identities' && fact !== 'possible-faces');

interface AnalyzeValues {
  readonly facts?: readonly Fact[];
  readonly overlay?: string;
  readonly withMattes?: boolean;
  readonly withVectors?: boolean;
  readonly cache?: boolean;
  readonly recursive?: boolean;
  readonly force?: boolean;
}

export function addAnalyze(program: Command, handlers: SceneHandlers, onExit: (code: ExitCode) => void): void {
  program
    .command('analyze')
    .description('Find out who and what is in photos: people, things, faces, expressions, the main subject')
    .argument('<pictures...>', PICTURES_HELP)
    .option(
      '--facts <list>',
      `what to look for, with commas: ${FACT_NAMES.join(',')} (default all but identities and possible-faces)`,
      facts,
    )
    .option(
      '--overlay <place>',
      "draw what was found onto the photo: file, folder/ or pattern such as '{name}-found.{ext}'",
    )
    .option('--with-mattes', 'with --json: the alpha of every subject too')
    .option('--with-vectors', 'with --json: the numbers that tell who a face is; they are never kept')
    .option('--no-cache', 'look again at photos that are known, and do not keep what is found')
    .option('-r, --recursive', 'with folders: their subfolders too')
    .option('-f, --force', 'write over overlays that exist (never over originals)')
    .addHelpText(
      'after',
      `
Examples:
  focal analyze photo.jpg                         people, things, faces in words
  focal analyze photo.jpg --overlay found.png     drawn onto the photo
  focal analyze photos/ --json > scenes.jsonl     a line for each photo
  focal analyze photo.jpg --facts faces,expressions`,
    )
    .action(async (inputs: string[], options: AnalyzeValues, command: Command) => {
      const { withVectors = false, overlay } = options;
      const asked = options.facts ?? DEFAULT_FACTS;
      onExit(
        await handlers.analyze({
          inputs,
          facts: withVectors ? [...asked, 'identities'] : asked,
          withMattes: options.withMattes ?? false,
          withVectors,
          cache: options.cache ?? true,
          recursive: options.recursive ?? false,
          force: options.force ?? false,
          json: isJson(command),
          quiet: command.optsWithGlobals<GlobalValues>().quiet ?? false,
          focal: toFocalOptions(command),
          ...(overlay === undefined ? {} : { overlay }),
        }),
      );
    });
}

function facts(text: string): readonly Fact[] {
  return text.split(',').map((part) => {
    const fact = FACT_NAMES.find((name) => name === part.trim());
    if (fact === undefined) throw new InvalidArgumentError(`Expected some of ${FACT_NAMES.join(', ')}, with commas.`);
    return fact;
  });
}
