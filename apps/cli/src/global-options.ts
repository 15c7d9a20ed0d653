import type { Command } from 'commander';
import type { FocalOptions } from 'focal';

/** Options that every command takes. */
export interface GlobalValues {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly device?: NonNullable<FocalOptions['device']>;
  readonly threads?: number;
  readonly profile?: NonNullable<FocalOptions['profile']>;
  readonly maxPixels?: number;
  /** Paths of the user's own models by task. */
  readonly model?: NonNullable<FocalOptions['models']>;
}

export function toFocalOptions(command: Command): FocalOptions {
  const { device, threads, profile, maxPixels, model } = command.optsWithGlobals<GlobalValues>();
  return {
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
    ...(profile === undefined ? {} : { profile }),
    ...(maxPixels === undefined ? {} : { maxPixels }),
    ...(model === undefined ? {} : { models: model }),
  };
}

export function isJson(command: Command): boolean {
  return command.optsWithGlobals<GlobalValues>().json ?? false;
}
