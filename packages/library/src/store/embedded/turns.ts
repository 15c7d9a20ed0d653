/** Who waits for the one thing that is shared is let in, first come first served; the turn ends with the call given. */
export function createTurns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    let leave: () => void = () => undefined;
    const before = last;
    last = new Promise((resolve) => {
      leave = resolve;
    });
    return before.then(() => leave);
  };
}
