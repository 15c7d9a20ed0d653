import { FocalError } from '@focal/core';

/** What a broken upload stream means, as an error of ours. */
export function toUploadError(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof FocalError) return error;
  if (signal.aborted) return signal.reason instanceof FocalError ? signal.reason : aborted(error);
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new FocalError('no-space', 'The disk that uploads go to is full.', {
        hint: 'Free some space, or set TMPDIR to another disk.',
        cause: error,
      });
    case 'EACCES':
    case 'EROFS':
      return new FocalError('permission', 'The folder for uploads cannot be written.', { cause: error });
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return aborted(error);
    default:
      return error;
  }
}

/** What is sent, in words, and an example of a file. */
const KINDS = {
  image: { what: 'a picture', file: 'photo.jpg', type: 'image/jpeg' },
  video: { what: 'a video', file: 'walk.mp4', type: 'video/mp4' },
} as const;

/** What a form sends in the field of its main file. */
export function kindOf(field: string): keyof typeof KINDS {
  return field === 'video' ? 'video' : 'image';
}

/** @param field what the form calls it */
export function missingPicture(got: string, field: string): FocalError {
  const { what, file } = KINDS[kindOf(field)];
  return new FocalError('invalid-argument', `Expected ${what}, got ${got}.`, {
    hint: `Send the file as the form field "${field}" (curl -F ${field}=@${file}) or as the whole body.`,
  });
}

/** @param field what a form calls it */
export function wrongContentType(type: string, field: string): FocalError {
  const { what, file, type: usual } = KINDS[kindOf(field)];
  const got = type === '' ? 'none' : type.slice(0, 80);
  return new FocalError('unsupported-format', `Expected multipart/form-data or ${what} as content type, got ${got}.`, {
    hint: `Use curl -F ${field}=@${file}, or --data-binary @${file} -H "Content-Type: ${usual}".`,
  });
}

export function tooLarge(maxBytes: number, announced?: number): FocalError {
  const got = announced === undefined ? 'more' : String(announced);
  return new FocalError('too-large', `Expected at most ${maxBytes} bytes, got ${got}.`, {
    hint: 'Send a smaller file, or start the server with a higher limit.',
  });
}

function aborted(cause: unknown): FocalError {
  return new FocalError('aborted', 'The upload was broken off.', { cause });
}
