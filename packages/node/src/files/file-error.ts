import { FocalError } from '@focal/core';

/** The system's error about a file as a FocalError: what was to be done, with which file, why not, and what to do. */
export function toFileError(error: unknown, action: string, path: string): FocalError {
  if (error instanceof FocalError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const failed = (why: string) => `Could not ${action} ${path}: ${why}.`;
  switch (code) {
    case 'ENOENT':
      return new FocalError('not-found', failed('there is no such file or folder'), {
        hint: 'Check the path.',
        cause: error,
      });
    case 'ENOTDIR':
      return new FocalError('not-found', failed('a part of its path is a file, not a folder'), { cause: error });
    case 'EISDIR':
      return new FocalError('invalid-argument', failed('it is a folder'), { hint: 'Name a file.', cause: error });
    case 'EACCES':
    case 'EPERM':
      return new FocalError('permission', failed('the system refused access'), {
        hint: 'Check the rights of the file and its folder.',
        cause: error,
      });
    case 'EROFS':
      return new FocalError('permission', failed('the file system is read-only'), {
        hint: 'Choose another folder.',
        cause: error,
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new FocalError('no-space', failed('the disk is full'), {
        hint: 'Make room or choose another folder. Nothing was left behind.',
        cause: error,
      });
    case 'EEXIST':
      return new FocalError('exists', failed('it is already there'), {
        hint: 'Choose another name, or overwrite it on purpose.',
        cause: error,
      });
    case 'EMFILE':
    case 'ENFILE':
      return new FocalError('busy', failed('too many files are open'), { hint: 'Try again later.', cause: error });
    case 'ENAMETOOLONG':
      return new FocalError('invalid-argument', failed('the name is too long'), { cause: error });
    default:
      return new FocalError('internal', failed(error instanceof Error ? error.message : String(error)), {
        cause: error,
      });
  }
}
