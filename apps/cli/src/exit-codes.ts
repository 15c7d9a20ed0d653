import type { ErrorCode } from '@focal/core';

/** The one table of exit codes: what `--help` prints and docs/cli.md repeats. */
export const exitCodes = [
  { code: 0, means: 'done' },
  { code: 1, means: 'some of several files failed, or doctor found something to mend' },
  { code: 2, means: 'wrong option, argument or combination' },
  { code: 3, means: 'no such file or folder, or nothing to do in it' },
  { code: 4, means: 'not a picture or video, a broken one, or a format that is not supported' },
  { code: 5, means: 'over a size or time limit' },
  { code: 6, means: 'the result exists already (see --force)' },
  { code: 7, means: 'no permission, or the disk is full' },
  { code: 8, means: 'a model is missing or broken' },
  { code: 9, means: 'the device that was asked for is not there' },
  { code: 10, means: 'a download did not come through' },
  { code: 70, means: 'a defect of Focal' },
  { code: 130, means: 'stopped with Ctrl-C (143: by a request to end)' },
  { code: 141, means: 'the program reading our output went away' },
] as const;

/** An exit code of the table. */
export type ExitCode = (typeof exitCodes)[number]['code'] | 143;

const CODE_OF_ERROR: Readonly<Record<ErrorCode, ExitCode>> = {
  'invalid-argument': 2,
  'not-found': 3,
  'unsupported-format': 4,
  'corrupt-input': 4,
  'too-large': 5,
  timeout: 5,
  busy: 5,
  exists: 6,
  permission: 7,
  'no-space': 7,
  'model-missing': 8,
  'model-invalid': 8,
  'device-unavailable': 9,
  network: 10,
  aborted: 130,
  closed: 70,
  internal: 70,
};

/** The exit code for an error of Focal. */
export function toExitCode(code: ErrorCode): ExitCode {
  return CODE_OF_ERROR[code];
}
