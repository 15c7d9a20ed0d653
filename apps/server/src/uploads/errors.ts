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

export function missingPicture(got: string): FocalError {
  return new FocalError('invalid-argument', `Expected a picture, got ${got}.`, {
    hint: 'Send the file as the form field "image" (curl -F image=@photo.jpg) or as the whole body.',
  });
}

export function wrongContentType(type: string): FocalError {
  const got = type === '' ? 'none' : type.slice(0, 80);
  return new FocalError(
    'unsupported-format',
    `Expected multipart/form-data or a picture as content type, got ${got}.`,
    {
      hint: 'Use curl -F image=@photo.jpg, or --data-binary @photo.jpg -H "Content-Type: image/jpeg".',
    },
  );
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
