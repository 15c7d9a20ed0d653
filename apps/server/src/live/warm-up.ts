import { FocalError } from '@focal/core';
import type { Focal, LiveFocus } from 'focal';
import type { Startup } from '../routes/health.ts';

/** A live session with its models loaded before anybody asks for it. */
export interface WarmSession {
  readonly state: () => Startup;
  /** The session, once: for the first who comes. Closed by whoever takes it. */
  readonly take: () => LiveFocus | undefined;
}

export function warmUp(focal: Pick<Focal, 'live'>): WarmSession {
  let session: LiveFocus | undefined = focal.live({ maxSide: 640 });
  let startup: Startup = { isReady: false, mode: 'auto' };
  session.ready().then(
    ({ device }) => {
      startup = { isReady: true, mode: device };
    },
    (error: unknown) => {
      const text = error instanceof FocalError ? error.message : 'The models could not be loaded.';
      startup = { isReady: false, mode: 'auto', error: text };
    },
  );
  return {
    state: () => startup,
    take() {
      const taken = session;
      session = undefined;
      return taken;
    },
  };
}
