import { FocalError } from '@focal/core';

/** More than any picture Focal would take; keeps an endless stream from filling the memory. */
const MAX_INPUT_BYTES = 1_000_000_000;

/** All bytes of standard input. Throws `invalid-argument` on a terminal, `corrupt-input` when nothing came. */
export async function readStandardInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY) {
    throw new FocalError('invalid-argument', 'Expected a picture on standard input, but it is a terminal.', {
      hint: 'Pipe a file in (focal cutout - < photo.jpg) or name it.',
    });
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_INPUT_BYTES) throw new FocalError('too-large', 'Standard input is larger than 1 GB.');
  }
  return Buffer.concat(chunks, length);
}

/**
 * Whether results go to standard output. Throws `invalid-argument` where they would and it is a terminal, or takes JSON.
 */
export function goesToStandardOutput({
  inputs,
  output,
  json,
}: {
  readonly inputs: readonly string[];
  readonly output?: string;
  readonly json: boolean;
}): boolean {
  const toStdout = output === '-' || (output === undefined && inputs.includes('-'));
  if (toStdout && json) {
    throw new FocalError('invalid-argument', 'Standard output cannot take both the picture and --json.', {
      hint: 'Name a file with -o.',
    });
  }
  if (toStdout) assertBinaryOutput();
  return toStdout;
}

/** Throws `invalid-argument` where standard output is a terminal, which a picture would only garble. */
function assertBinaryOutput(): void {
  if (!process.stdout.isTTY) return;
  throw new FocalError('invalid-argument', 'Standard output is a terminal; a picture would only garble it.', {
    hint: 'Redirect it (> cutout.png) or name a file with -o.',
  });
}

/** Writes all bytes and waits until they are handed over, or until the reader has gone away, which ends it as well. */
export function writeStandardOutput(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}
