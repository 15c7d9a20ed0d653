import { useEffect } from 'react';
import type { Toast } from '../state/types.ts';
import { Icon } from './icons.tsx';

const SHORT_MS = 5_000;
const LONG_MS = 12_000;

/** Messages that come and go. Read out by screen readers; errors and those with a button stay longer, questions stay. */
export function Toasts({
  toasts,
  onDismiss,
}: {
  readonly toasts: readonly Toast[];
  readonly onDismiss: (id: number) => void;
}) {
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onDismiss={onDismiss} />
      ))}
    </div>
  );
}

function ToastCard({ toast, onDismiss }: { readonly toast: Toast; readonly onDismiss: (id: number) => void }) {
  const { id, kind, text, action } = toast;
  useEffect(() => {
    if (kind === 'question') return;
    const lasts = kind === 'error' || action !== undefined || text.length > 90 ? LONG_MS : SHORT_MS;
    const timer = setTimeout(() => onDismiss(id), lasts);
    return () => clearTimeout(timer);
  }, [id, kind, text, action, onDismiss]);
  return (
    <div className={`toast ${kind}`}>
      <Icon name={kind === 'success' ? 'check' : kind === 'error' ? 'warning' : 'info'} />
      <p>{text}</p>
      {action !== undefined && (
        <button
          type="button"
          className="link-button"
          onClick={() => {
            onDismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="icon-button small" aria-label="Dismiss" onClick={() => onDismiss(id)}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
