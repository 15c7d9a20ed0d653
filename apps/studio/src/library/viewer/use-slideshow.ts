import { useEffect, useRef, useState } from 'react';

const SHOWN_MS = 4000;

/** Goes on by itself, after so long; videos end by themselves. */
export function useSlideshow(isTimed: boolean, onNext: () => void) {
  const [isOn, setOn] = useState(false);
  const next = useRef(onNext);
  next.current = onNext;
  useEffect(() => {
    if (!isOn || !isTimed) return;
    const timer = setInterval(() => next.current(), SHOWN_MS);
    return () => clearInterval(timer);
  }, [isOn, isTimed]);
  return {
    isOn,
    stop: () => setOn(false),
    toggle: () => setOn((now) => !now),
    /** A video came to its end. */
    onEnded: () => isOn && onNext(),
  };
}
