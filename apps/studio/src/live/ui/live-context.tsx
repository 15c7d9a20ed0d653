import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { LiveEngine } from '../engine/live-engine.ts';
import type { LiveActions, LiveState, LiveStore } from '../state/live-store.ts';

interface Live {
  readonly store: LiveStore;
  readonly engine: LiveEngine;
}

const LiveContext = createContext<Live | undefined>(undefined);

export const LiveProvider = LiveContext.Provider;

/** The page's store and engine. */
export function useLiveParts(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('Used outside of LiveProvider.');
  return live;
}

/** A part of the state; the component is drawn again when it changes. */
export function useLive<T>(select: (state: LiveState & LiveActions) => T): T {
  return useStore(useLiveParts().store, select);
}

export function useLiveEngine(): LiveEngine {
  return useLiveParts().engine;
}
