import { FocalError } from '@focal/core';

/** What is there, but not for whoever asks. */
export class NotAllowedError extends FocalError {
  constructor(message: string, hint: string) {
    super('permission', message, { hint });
    this.name = 'NotAllowedError';
  }
}
