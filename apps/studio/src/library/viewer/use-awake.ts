import { useCallback, useEffect, useRef, useState } from 'react';

const AWAKE_MS = 3000;

/** What is hidden until somebody does something shows then, for so long. */
export function useAwake(isHiding: boolean) {
  const [isAwake, setAwake] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wake = useCallback(() => {
    clearTimeout(timer.current);
    setAwake(true);
    timer.current = setTimeout(() => setAwake(false), AWAKE_MS);
  }, []);
  useEffect(() => {
    if (!isHiding) setAwake(false);
    return () => clearTimeout(timer.current);
  }, [isHiding]);
  return { isAwake: isHiding && isAwake, wake: isHiding ? wake : undefined };
}
