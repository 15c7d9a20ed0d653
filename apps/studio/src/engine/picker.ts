import { FocalError, type Pick, type Point } from '@focal/core';
import type { EffectHandlers, WorkerClient } from '@focal/web';
import type { StudioState, StudioStore } from '../state/store.ts';

/** Taking hold of what the user points at in the photo. */
export interface Picker {
  /** Lights up what is at a point, in fractions of the photo, and lists it where it is new. */
  pick(point: Point): Promise<void>;
  /** Takes what was picked off the list. */
  forgetPick(id: string): void;
}

const NOTHING = 'Nothing stands out from its background there. Point well inside of what you mean.';

/** Picks in this page, wherever the scene came from: with what is known of it, else by colour alone. */
export function createPicker(store: StudioStore, effects: WorkerClient<EffectHandlers>): Picker {
  let task = new AbortController();
  let next = 1;
  return {
    async pick(point) {
      const { photo, scene } = store.getState();
      if (photo === undefined) return;
      task.abort();
      task = new AbortController();
      const { signal } = task;
      store.setState({ sceneOpenFor: photo.id, picking: point, pickNote: undefined, aim: undefined });
      const subjects = scene.phase === 'ready' ? scene.scene.subjects : undefined;
      const show = (change: (state: StudioState) => Partial<StudioState>): void => {
        const isCurrent = !signal.aborted && store.getState().photo?.id === photo.id;
        if (isCurrent) store.setState((state) => ({ picking: undefined, ...change(state) }));
      };
      try {
        const pick = await effects.call('pick', { point, subjects }, { signal });
        show((state) => (pick === undefined ? { litId: undefined, pickNote: NOTHING } : toList(state, pick)));
      } catch (error) {
        const why = error instanceof FocalError ? error.message : String(error);
        show(() => ({ pickNote: `That could not be picked. ${why}` }));
      }
    },
    forgetPick(id) {
      store.setState(({ picks, litId }) => ({
        picks: picks.filter((each) => each.id !== id),
        litId: litId === id ? undefined : litId,
      }));
    },
  };

  /** Lit up, or put out where it was lit; on the list once. */
  function toList({ picks, litId }: StudioState, pick: Pick): Partial<StudioState> {
    const same = picks.find((each) => isSame(each.pick, pick));
    const id = pick.subjectId ?? same?.id ?? `picked-${next++}`;
    const list = pick.subjectId !== undefined || same !== undefined ? picks : [...picks, { id, pick }];
    return { picks: list, litId: litId === id ? undefined : id };
  }
}

function isSame({ box: a }: Pick, { box: b }: Pick): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
