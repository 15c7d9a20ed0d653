import { useRef } from 'react';
import { useControlActions } from '../panel/control-actions.ts';

/**
 * Tells the page while a slider is held, so that a drag is one step of the history and the picture follows the hand.
 * Taking hold of another slider ends only its own drag: the one that is left loses the focus after the other is held.
 */
export function useSliderDrag(): {
  readonly onPointerDown: () => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
  readonly onBlur: () => void;
} {
  const { setDragging } = useControlActions();
  const isHeld = useRef(false);
  const end = () => {
    if (isHeld.current) setDragging(false);
    isHeld.current = false;
  };
  return {
    onPointerDown: () => {
      isHeld.current = true;
      setDragging(true);
    },
    onPointerUp: end,
    onPointerCancel: end,
    onBlur: end,
  };
}
