import { NotAllowedError } from '../access/not-allowed.ts';

export function lockedError(): NotAllowedError {
  return new NotAllowedError('The album is private.', 'Unlock it with its password first.');
}
