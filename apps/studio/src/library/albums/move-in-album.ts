/**
 * The ids of an album with some of them moved before another one, or to the end; those that are moved keep their order.
 * Undefined where that changes nothing.
 */
export function moveBefore(
  ids: readonly number[],
  moved: ReadonlySet<number>,
  before: number | undefined,
): readonly number[] | undefined {
  const rest = ids.filter((id) => !moved.has(id));
  // Before one that is moved itself: where the next one is that is not.
  const from = before === undefined ? ids.length : ids.indexOf(before);
  if (from < 0) return undefined;
  const next = ids.slice(from).find((id) => !moved.has(id));
  const at = next === undefined ? rest.length : rest.indexOf(next);
  const result = [...rest.slice(0, at), ...ids.filter((id) => moved.has(id)), ...rest.slice(at)];
  return result.every((id, i) => id === ids[i]) ? undefined : result;
}

/** What the server has to be told of an order: everything up to the last that is another one than before. */
export function changedPart(before: readonly number[], after: readonly number[]): readonly number[] {
  const last = after.findLastIndex((id, i) => id !== before[i]);
  return after.slice(0, last + 1);
}
