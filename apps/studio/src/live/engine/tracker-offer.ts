import { FocalError } from '@focal/core';
import type { FollowHandlers, WorkerClient } from '@focal/web';
import { describeError } from '../../engine/problems.ts';
import type { LiveStore } from '../state/live-store.ts';

/** Offers the better tracker at the first lock; without it the correlation filter follows. */
export interface TrackerOffer {
  offer(): Promise<void>;
  load(): Promise<void>;
  decline(): void;
}

const PULL_URL = '/v1/models/nanotrack-v2/pull';

export function createTrackerOffer(store: LiveStore, follow: WorkerClient<FollowHandlers>): TrackerOffer {
  const settle = () => store.setState({ tracker: { phase: 'settled' } });
  return {
    async offer() {
      const { tracker, settings, models } = store.getState();
      if (tracker.phase !== 'unknown' || !settings.offersTracker || models.phase !== 'ready') return;
      settle();
      if (await follow.call('offersTracker', undefined).catch(() => false)) {
        store.setState({ tracker: { phase: 'offered' } });
      }
    },
    async load() {
      store.setState({ tracker: { phase: 'loading' } });
      try {
        await pull();
        await follow.call('takeTracker', undefined);
        settle();
        store.getState().toast('success', 'NanoTrack follows from now on.');
      } catch (error) {
        store.setState({ tracker: { phase: 'failed', text: describeError(error) } });
      }
    },
    decline() {
      settle();
      store.getState().change({ offersTracker: false });
    },
  };
}

/** The server fetches it: a page asks nobody but its server. */
async function pull(): Promise<void> {
  let response: Response;
  try {
    response = await fetch(PULL_URL, { method: 'POST' });
  } catch (cause) {
    throw new FocalError('network', 'The Focal server does not answer.', { hint: 'Start it again: npm start.', cause });
  }
  if (response.ok) return;
  const told = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string };
  throw new FocalError('network', told.detail ?? `The server answered ${response.status}.`, {
    hint: told.hint ?? 'Once it is online, run: focal models pull nanotrack-v2',
  });
}
