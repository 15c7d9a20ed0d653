/** What one thread keeps from plan to plan because it takes long to make, such as compiled programs and tables. */
export interface ThreadCache {
  /** What was made for this key, or else what `make` gives now. It is shared: nobody may change it but to count. */
  take<T>(key: string, make: () => T): T;
}

/**
 * Keeps what was taken last, at most so many things. A program that is kept also keeps the faster code that the engine
 * makes while it runs. Belongs to one thread.
 */
export function createThreadCache(most = 64): ThreadCache {
  const kept = new Map<string, unknown>();
  return {
    take<T>(key: string, make: () => T): T {
      const value = kept.has(key) ? (kept.get(key) as T) : make();
      kept.delete(key);
      kept.set(key, value);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return value;
    },
  };
}
