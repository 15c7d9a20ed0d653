import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Engine } from '../engine/engine.ts';
import type { StudioActions, StudioState, StudioStore } from '../state/store.ts';

interface Studio {
  readonly store: StudioStore;
  readonly engine: Engine;
}

const StudioContext = createContext<Studio | undefined>(undefined);

export const StudioProvider = StudioContext.Provider;

/** The page's store and engine. */
export function useStudioParts(): Studio {
  const studio = useContext(StudioContext);
  if (studio === undefined) throw new Error('Used outside of StudioProvider.');
  return studio;
}

/** A part of the state; the component is drawn again when it changes. */
export function useStudio<T>(select: (state: StudioState & StudioActions) => T): T {
  return useStore(useStudioParts().store, select);
}

export function useEngine(): Engine {
  return useStudioParts().engine;
}
