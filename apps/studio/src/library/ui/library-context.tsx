import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { LibraryEngine } from '../state/library-engine.ts';
import type { LibraryActions, LibraryState, LibraryStore } from '../state/library-store.ts';

interface LibraryParts {
  readonly store: LibraryStore;
  readonly engine: LibraryEngine;
}

const LibraryContext = createContext<LibraryParts | undefined>(undefined);

export const LibraryProvider = LibraryContext.Provider;

/** The page's store and engine. */
export function useLibraryParts(): LibraryParts {
  const parts = useContext(LibraryContext);
  if (parts === undefined) throw new Error('Used outside of LibraryProvider.');
  return parts;
}

/** A part of the state; the component is drawn again when it changes. */
export function useLibrary<T>(select: (state: LibraryState & LibraryActions) => T): T {
  return useStore(useLibraryParts().store, select);
}

export function useLibraryEngine(): LibraryEngine {
  return useLibraryParts().engine;
}
