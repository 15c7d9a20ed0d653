/** A queue that gives the entry with the smallest key first; of equal keys, the one that was put in first. */
export interface Heap<T> {
  readonly size: number;
  push(key: number, item: T): void;
  pop(): T | undefined;
}

export function createHeap<T>(): Heap<T> {
  const keys: number[] = [];
  const orders: number[] = [];
  const items: T[] = [];
  let next = 0;

  const isBefore = (a: number, b: number): boolean => {
    const difference = (keys[a] as number) - (keys[b] as number);
    return difference < 0 || (difference === 0 && (orders[a] as number) < (orders[b] as number));
  };
  const write = (at: number, key: number, order: number, item: T): void => {
    keys[at] = key;
    orders[at] = order;
    items[at] = item;
  };
  const copy = (at: number, from: number): void =>
    write(at, keys[from] as number, orders[from] as number, items[from] as T);

  return {
    get size() {
      return keys.length;
    },
    push(key, item) {
      let at = keys.length;
      // Whatever was put in before goes first, so only larger keys make way.
      for (; at > 0; ) {
        const parent = (at - 1) >> 1;
        if ((keys[parent] as number) <= key) break;
        copy(at, parent);
        at = parent;
      }
      write(at, key, next++, item);
    },
    pop() {
      const first = items[0];
      const [key = 0, order = 0, item] = [keys.pop(), orders.pop(), items.pop()];
      const size = keys.length;
      if (size === 0 || item === undefined) return first;
      let at = 0;
      for (let child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && isBefore(child + 1, child)) child++;
        const isInPlace = key < (keys[child] as number) || (key === keys[child] && order < (orders[child] as number));
        if (isInPlace) break;
        copy(at, child);
        at = child;
      }
      write(at, key, order, item);
      return first;
    },
  };
}
