import { FocalError } from '@focal/core';

/** Throws `aborted`, and `device-unavailable` where nobody answers. */
export async function send(path: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (init.signal.aborted) throw new FocalError('aborted', 'The work was cancelled.');
    throw new FocalError('device-unavailable', 'The Focal server does not answer.', { cause });
  }
}

/** Problem details (RFC 9457) as an error. A proxy or dev server without Focal behind it gives none. */
export async function toError(response: Response): Promise<FocalError> {
  const problem = (await response.json().catch(() => undefined)) as
    | { readonly code?: FocalError['code']; readonly detail?: string; readonly hint?: string }
    | undefined;
  if (problem?.code === undefined || problem.detail === undefined) {
    return new FocalError('device-unavailable', 'The Focal server does not answer.');
  }
  return new FocalError(problem.code, problem.detail, problem.hint === undefined ? {} : { hint: problem.hint });
}
