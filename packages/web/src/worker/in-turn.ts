/** Runs one piece of work at a time, in the order in which they were given; one that fails holds up none. */
export function createTurns(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
}
