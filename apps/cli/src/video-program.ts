import { type Command, Option } from 'commander';
import type { FocalOptions } from 'focal';
import { type EffectFlags, type Flagged, readFlags, toOptions } from './effect-flags.ts';
import type { EffectInfo, EffectList } from './effect-list.ts';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalValues, isJson, toFocalOptions } from './global-options.ts';
import { type Moment, momentsAt, numberBetween } from './option-values.ts';

const FORMATS = ['mp4', 'webm', 'mov', 'png'] as const;
const EFFORTS = ['fast', 'balanced', 'quality', 'offline'] as const;
const QUALITIES = ['low', 'medium', 'high', 'very-high'] as const;

/** What every command about a video was asked for. */
export interface VideoCommandRequest {
  readonly input: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

/** What every command that writes a video was asked for. */
export interface VideoEditRequest extends VideoCommandRequest {
  readonly output?: string;
  readonly format?: (typeof FORMATS)[number];
  readonly quality?: (typeof QUALITIES)[number];
  readonly force: boolean;
}

export interface VideoBackgroundRequest extends VideoEditRequest {
  readonly flags: EffectFlags;
  readonly transparent: boolean;
}

export interface VideoAnonymizeRequest extends VideoEditRequest {
  readonly flags: EffectFlags;
  readonly threshold?: number;
  readonly scale?: number;
  readonly drawScores: boolean;
}

export interface VideoFocusRequest extends VideoEditRequest {
  readonly at: readonly Moment[];
  /** Path of a timeline. */
  readonly timeline?: string;
  /** Where the timeline that was used goes. */
  readonly saveTimeline?: string;
  readonly look: Readonly<Record<string, unknown>>;
  readonly effort?: (typeof EFFORTS)[number];
}

/** What the commands about videos do. */
export interface VideoHandlers {
  videoInfo(request: VideoCommandRequest): Promise<ExitCode>;
  videoBackground(request: VideoBackgroundRequest): Promise<ExitCode>;
  videoAnonymize(request: VideoAnonymizeRequest): Promise<ExitCode>;
  videoFocus(request: VideoFocusRequest): Promise<ExitCode>;
}

type EditValues = Pick<VideoEditRequest, 'output' | 'format' | 'quality'> & { readonly force?: boolean };

/** `focal video …`. */
export function addVideo(
  program: Command,
  { effects, focus }: EffectList,
  handlers: VideoHandlers,
  onExit: (code: ExitCode) => void,
): void {
  const video = program
    .command('video')
    .description('Videos: what they are, one subject in focus, another background, faces hidden')
    .usage('<command> [options]')
    .helpCommand(false)
    .addHelpText('after', VIDEO_HELP)
    .action((_, command: Command) => {
      const [name] = command.args;
      command.error(name === undefined ? 'error: Expected what to do.' : `error: There is no video command ${name}.`);
    });

  video
    .command('info')
    .description('Tell size, length, frames, rotation and codecs of a video')
    .argument('<video>', 'MP4, MOV, WebM, Matroska or MPEG-TS')
    .addHelpText('after', '\nExamples:\n  focal video info walk.mp4\n  focal video info walk.mp4 --json')
    .action(async (input: string, _, command: Command) => {
      onExit(await handlers.videoInfo(toRequest(input, command)));
    });

  addBackground(video, effects, handlers, onExit);
  addAnonymize(video, effects, handlers, onExit);
  addFocus(video, focus, handlers, onExit);
}

function addBackground(
  video: Command,
  effects: readonly EffectInfo[],
  handlers: VideoHandlers,
  onExit: (code: ExitCode) => void,
): void {
  const found = effects.find(({ name }) => name === 'background');
  if (found === undefined) return;
  // In a video the place one is in is mostly to be left alone, but not to be seen.
  const effect: EffectInfo = {
    ...found,
    parameters: found.parameters.map((each) =>
      each.name === 'kind' && each.type === 'enum' ? { ...each, default: 'blur' } : each,
    ),
  };
  const command = addEditing(video.command('background'), 'call-background.mp4')
    .description('Put a blurred, coloured or other background, a picture or nothing behind everyone in a video')
    .option('--transparent', 'nothing stands behind: for .webm, .mov and PNG frames');
  for (const option of toOptions(effect)) command.addOption(option);
  command
    .addHelpText(
      'after',
      `
Examples:
  focal video background call.mp4                            blurred: call-background.mp4 beside it
  focal video background call.mp4 -o out.mp4 --color '#224466'
  focal video background call.mp4 -o out.mp4 --background-picture office.jpg
  focal video background dance.mp4 -o dance.webm --transparent
  focal video background dance.mp4 -o frames/ --format png --transparent`,
    )
    .action(async (input: string, options: EditValues & { transparent?: boolean }) => {
      const flags = readFlags(effect, options as Record<string, unknown>);
      const { transparent = false } = options;
      if (transparent && Object.keys({ ...flags.params, ...flags.assets }).length > 0) {
        command.error('error: --transparent goes without options for a background.');
      }
      onExit(await handlers.videoBackground({ ...toEdit(input, options, command), flags, transparent }));
    });
}

/** What of the effect plays no part in videos: faces are covered, wherever they may be. */
const PHOTOS_ONLY: ReadonlySet<string> = new Set(['hide', 'outline', 'unsure', 'margin']);

function addAnonymize(
  video: Command,
  effects: readonly EffectInfo[],
  handlers: VideoHandlers,
  onExit: (code: ExitCode) => void,
): void {
  const found = effects.find(({ name }) => name === 'anonymize');
  if (found === undefined) return;
  const effect: EffectInfo = { ...found, parameters: found.parameters.filter(({ name }) => !PHOTOS_ONLY.has(name)) };
  const command = addEditing(video.command('anonymize'), 'street-anonymize.mp4').description(
    'Cover all faces in a video for good, also where they are not seen for a moment',
  );
  command
    .option(
      '--threshold <number>',
      'how sure the search has to be of a face; lower covers more, also what is no face (0.05 to 0.95; default 0.45)',
      numberBetween(0.05, 0.95),
    )
    .option('--scale <number>', 'size of the covers beside the usual one (0.8 to 3; default 1)', numberBetween(0.8, 3))
    .option('--draw-scores', 'draw the boxes of faces and how sure they are, to see how well they are found');
  for (const option of toOptions(effect)) command.addOption(option);
  command
    .addHelpText(
      'after',
      `
It goes through the video twice: faces are first found and followed, forwards and backwards, then covered. What is seen
in their place is made of what lies around them. Look at the moments that it names as weak. Clothes, gait and voice
still tell who somebody is.

Examples:
  focal video anonymize street.mp4                       street-anonymize.mp4 beside it
  focal video anonymize street.mp4 -o out.mp4 --style solid
  focal video anonymize street.mp4 -o out.mp4 --threshold 0.3 --scale 1.3
  focal video anonymize street.mp4 -o look.mp4 --draw-scores
  focal video anonymize street.mp4 -o out.mp4 --json     with all tracks and the weakest moments`,
    )
    .action(async (input: string, options: EditValues & AnonymizeValues) => {
      const { threshold, scale, drawScores = false } = options;
      onExit(
        await handlers.videoAnonymize({
          ...toEdit(input, options, command),
          flags: readFlags(effect, options as Record<string, unknown>),
          drawScores,
          ...(threshold === undefined ? {} : { threshold }),
          ...(scale === undefined ? {} : { scale }),
        }),
      );
    });
}

interface AnonymizeValues {
  readonly threshold?: number;
  readonly scale?: number;
  readonly drawScores?: boolean;
}

function addFocus(
  video: Command,
  parameters: EffectList['focus'],
  handlers: VideoHandlers,
  onExit: (code: ExitCode) => void,
): void {
  const look: Flagged = { parameters, assets: [] };
  const command = addEditing(video.command('focus'), 'walk-focus.mp4')
    .description('Keep one subject of a video in focus, and blur the rest with the distance from it')
    .option('--at <x,y[@seconds]>', 'what is there comes into focus from then on; repeatable', momentsAt)
    .option('--timeline <file>', 'in place of --at: locks, switches and settings as JSON')
    .option('--save-timeline <file>', 'write the timeline that was used, to render it again')
    .addOption(
      new Option(
        '--effort <effort>',
        'what is spent on following the subject (default offline: what it takes)',
      ).choices(EFFORTS),
    );
  for (const option of toOptions(look)) command.addOption(option);
  command
    .addHelpText(
      'after',
      `
Settings that are given here hold throughout, whatever the timeline says: the same again at another strength.

Examples:
  focal video focus walk.mp4 --at 0.4,0.6                    walk-focus.mp4 beside it
  focal video focus walk.mp4 --at 0.4,0.6@2.5 --at 0.8,0.5@6 -o out.mp4 --save-timeline walk.json
  focal video focus walk.mp4 --timeline walk.json -o strong.mp4 --radius 0.05

A timeline:
  {"format": "focal-timeline", "version": 1, "look": {"radius": 0.03}, "keyframes": [
    {"t": 2.5, "lock": {"x": 0.4, "y": 0.6}}, {"t": 6, "look": {"pullMs": 1000}}, {"t": 9, "release": true}]}`,
    )
    .action(async (input: string, options: EditValues & FocusValues) => {
      const { at = [], timeline, saveTimeline, effort } = options;
      if (at.length > 0 === (timeline !== undefined)) {
        command.error('error: Expected either --at or --timeline, to say what to keep in focus.');
      }
      onExit(
        await handlers.videoFocus({
          ...toEdit(input, options, command),
          at,
          look: readFlags(look, options as Record<string, unknown>).params,
          ...(timeline === undefined ? {} : { timeline }),
          ...(saveTimeline === undefined ? {} : { saveTimeline }),
          ...(effort === undefined ? {} : { effort }),
        }),
      );
    });
}

interface FocusValues {
  readonly at?: readonly Moment[];
  readonly timeline?: string;
  readonly saveTimeline?: string;
  readonly effort?: (typeof EFFORTS)[number];
}

/** The argument and the options of every command that writes a video. */
function addEditing(command: Command, example: string): Command {
  return command
    .argument('<video>', 'MP4, MOV, WebM, Matroska or MPEG-TS')
    .option('-o, --output <place>', `file or folder/ (default: beside the video, such as ${example})`)
    .addOption(
      new Option(
        '--format <format>',
        'format of the result; png: a folder of frames (default: by the name of -o)',
      ).choices(FORMATS),
    )
    .addOption(new Option('--quality <quality>', 'of the result').choices(QUALITIES).default('high'))
    .option('-f, --force', 'write over a result that exists (never over the video)');
}

function toRequest(input: string, command: Command): VideoCommandRequest {
  const { quiet = false } = command.optsWithGlobals<GlobalValues>();
  return { input, json: isJson(command), quiet, focal: toFocalOptions(command) };
}

function toEdit(input: string, options: EditValues, command: Command): VideoEditRequest {
  const { output, format, quality, force = false } = options;
  return {
    ...toRequest(input, command),
    force,
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format }),
    ...(quality === undefined ? {} : { quality }),
  };
}

const VIDEO_HELP = `
Results are MP4 (H.264, AAC), or by their names WebM (VP9, Opus) or MOV (ProRes 4444), which may be transparent, or a
folder of PNG frames with their times. Sound goes with it, turned videos come out upright, and every frame keeps its
time. What is broken is left out and told.

Examples:
  focal video info walk.mp4
  focal video background call.mp4 -o blurred.mp4
  focal video anonymize street.mp4 -o hidden.mp4
  focal video focus walk.mp4 --at 0.4,0.6 -o focus.mp4`;
