import { createContext, useContext } from 'react';

/** What controls do beside changing their value; each page gives its own. */
export interface ControlActions {
  /** Back to the default. */
  readonly reset: (name: string) => void;
  /** A slider or dial is held: its changes belong together. */
  readonly setDragging: (isDragging: boolean) => void;
}

const ControlContext = createContext<ControlActions | undefined>(undefined);

export const ControlActionsProvider = ControlContext.Provider;

export function useControlActions(): ControlActions {
  const actions = useContext(ControlContext);
  if (actions === undefined) throw new Error('Used outside of ControlActionsProvider.');
  return actions;
}
