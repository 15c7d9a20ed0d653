import { FocalError } from '@focal/core';

/** What the system says of files, in Focal's words; other errors as they are. */
export function toDiskError(error: unknown, path: string): unknown {
  if (error instanceof FocalError || !(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new FocalError('no-space', `The disk is full: ${path} could not be written.`, {
        hint: 'Make room, or choose another disk.',
        cause: error,
      });
    case 'ENOENT':
    case 'ENOTDIR':
      return new FocalError('not-found', `There is no file or folder ${path}.`, {
        hint: 'Check the path.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new FocalError('permission', `The system does not let Focal use ${path}.`, {
        hint: 'Choose another place, or change who may use it.',
        cause: error,
      });
    default:
      return error;
  }
}
