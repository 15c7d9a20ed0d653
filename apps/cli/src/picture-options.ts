import { METADATA_CHOICES, type MetadataChoice } from '@focal/core';
import { type Command, Option } from 'commander';
import type { FocalOptions, OutputFormat } from 'focal';
import { type BatchValues, toBatch } from './batch.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import { wholeNumber } from './option-values.ts';
import type { BatchRequest } from './run-batch.ts';

/** What pictures can be named by. */
export const PICTURES_HELP = "files, folders, patterns such as 'photos/*.jpg', or - for standard input";

/** What fonts are for. */
export const FONT_HELP = 'a font (TTF, OTF) for text in other scripts than Latin, Greek and Cyrillic';

const FORMAT_NAMES: readonly OutputFormat[] = ['png', 'webp', 'avif', 'jpeg', 'tiff'];

/** Values of what every command that writes pictures takes. */
export interface PictureValues {
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly metadata?: MetadataChoice;
}

/** What every command that writes pictures was asked for. */
export interface PictureRequest {
  readonly inputs: readonly string[];
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly metadata: MetadataChoice;
  readonly recursive: boolean;
  readonly force: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

/** Where results go, and how they are written. */
export function addOutputOptions(command: Command, pattern: string): Command {
  return command
    .option('-o, --output <place>', `file, folder/, pattern such as '${pattern}', or - for standard output`)
    .addOption(
      new Option('--format <format>', 'format of the result (default: by the name of -o)').choices(FORMAT_NAMES),
    )
    .option('--quality <number>', 'of lossy formats, 1 to 100 (default 90, avif 60)', wholeNumber(1, 100));
}

/** What of a photo's metadata goes into its result. */
export function addMetadataOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--metadata <what>',
      "what of the photo's EXIF to keep: none, no-location (camera, time, exposure, author), or all (where it was taken too)",
    )
      .choices(METADATA_CHOICES)
      .default('none'),
  );
}

/** Which files are read and written over. */
export function addFileOptions(command: Command): Command {
  return command
    .option('-r, --recursive', 'with folders: their subfolders too')
    .option('-f, --force', 'write over results that exist (never over originals)');
}

export function addWatchOption(command: Command): Command {
  return command.option('--watch <folder>', 'work on every picture that appears in the folder, until Ctrl-C');
}

export function toPictureRequest(inputs: readonly string[], options: PictureValues, command: Command): PictureRequest {
  const { output, format, quality, metadata = 'none', recursive = false, force = false } = options;
  return {
    inputs,
    metadata,
    recursive,
    force,
    json: isJson(command),
    quiet: command.optsWithGlobals<GlobalValues>().quiet ?? false,
    focal: toFocalOptions(command),
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format }),
    ...(quality === undefined ? {} : { quality }),
  };
}

export interface BatchOptionValues extends PictureValues, BatchValues {
  readonly watch?: string;
}

/** Ends through `command.error` where pictures are missing or contradict each other. */
export function toBatchRequest(inputs: readonly string[], options: BatchOptionValues, command: Command): BatchRequest {
  const { watch } = options;
  if (inputs.length === 0 && watch === undefined) command.error('error: Name at least one picture, or a folder.');
  if (inputs.length > 0 && watch !== undefined) {
    command.error('error: --watch works on new pictures only; name no others beside it.');
  }
  const request = toPictureRequest(inputs, options, command);
  return {
    ...request,
    batch: toBatch(options, command, request.force),
    ...(watch === undefined ? {} : { watch }),
  };
}
