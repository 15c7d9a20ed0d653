import type { Command } from 'commander';
import type { FocalOptions } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import type { PullRequest } from './pull-command.ts';

/** What the commands about models do. */
export interface ModelHandlers {
  models(options: FocalOptions, json: boolean): Promise<ExitCode>;
  pull(request: PullRequest): Promise<ExitCode>;
  remove(request: PullRequest): Promise<ExitCode>;
}

// Written out, as `--help` loads no library; a test compares it with what is checked.
export const OWN_MODELS = `Models of your own, by --model task=file: .onnx, .tflite, or the model.json of TensorFlow.js, each with one RGB picture
as float32 [1, 3, height, width] or [1, height, width, 3] for its input, of any size or one from 32 to 4096.
  task          black, white    any size   gives
  matte         -0.5, 0.496     1024       an alpha of one plane from 0 to 1, such as [1, 1, height, width]
  person-matte  0, 1            256        an alpha of one plane from 0 to 1, such as [1, 1, height, width]
  objects       0, 1            640        boxes of COCO's 80 kinds as YOLO gives them, [1, 84, boxes] or [1, boxes, 84]
  identity      -1, 1           150        128 numbers, such as [1, 128]
  expression    0, 1            112        logits or probabilities of neutral, happy, sad, angry, fearful, disgusted,
                                           surprised, such as [1, 7]
Faces, points of faces, poses and classes are found by Focal's own models only.`;

export function addModels(program: Command, handlers: ModelHandlers, onExit: (code: ExitCode) => void): void {
  const models = program
    .command('models')
    .description('List the models (licence, size, state), download or delete one')
    .addHelpText(
      'after',
      `\nExamples:\n  focal models\n  focal models --json\n  focal models pull mobilenet-v2\n\n${OWN_MODELS}`,
    )
    .action(async (_, command: Command) => {
      onExit(await handlers.models(toFocalOptions(command), isJson(command)));
    });
  const toRequest = (names: string[], from: string | undefined, command: Command): PullRequest => ({
    names,
    ...(from === undefined ? {} : { from }),
    focal: toFocalOptions(command),
    json: isJson(command),
    quiet: command.optsWithGlobals<GlobalValues>().quiet ?? false,
  });
  models
    .command('pull')
    .description('Download models: the only thing that Focal ever fetches')
    .argument('<names...>', 'models that are available')
    .option('--from <address>', 'a mirror: the address of the file, or ending in /, of its folder')
    .addHelpText(
      'after',
      '\nExamples:\n  focal models pull mobilenet-v2    again after Ctrl-C: goes on where it stopped\n  focal models pull mobilenet-v2 --from https://mirror.example.org/models/',
    )
    .action(async (names: string[], { from }: { from?: string }, command: Command) => {
      onExit(await handlers.pull(toRequest(names, from, command)));
    });
  models
    .command('rm')
    .description('Delete downloaded models')
    .argument('<names...>', 'models that were downloaded')
    .action(async (names: string[], _, command: Command) => {
      onExit(await handlers.remove(toRequest(names, undefined, command)));
    });
}
