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

export function addModels(program: Command, handlers: ModelHandlers, onExit: (code: ExitCode) => void): void {
  const models = program
    .command('models')
    .description('List the models (licence, size, state), download or delete one')
    .addHelpText('after', '\nExamples:\n  focal models\n  focal models --json\n  focal models pull mobilenet-v2')
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
