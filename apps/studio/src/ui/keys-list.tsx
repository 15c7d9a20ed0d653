import { toKeyLabel } from '../help/shortcuts.ts';

/** What keys do, or what a gesture does. */
export type KeyRow =
  | { readonly keys: readonly string[]; readonly text: string }
  | { readonly gesture: string; readonly text: string };

/** One part of a keyboard map. */
export function KeysList({ rows }: { readonly rows: readonly KeyRow[] }) {
  const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <dl className="keys">
      {rows.map((row) => (
        <div key={row.text}>
          <dt>{row.text}</dt>
          <dd>
            {'keys' in row ? (
              row.keys.map((key) => <kbd key={key}>{toKeyLabel(key, isApple)}</kbd>)
            ) : (
              <span className="gesture">{row.gesture}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
