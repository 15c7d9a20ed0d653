import { useId } from 'react';

/** On or off, with a name. */
export function Toggle({
  title,
  description,
  value,
  onChange,
}: {
  readonly title: string;
  readonly description?: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="live-toggle">
      <label className="control-title" htmlFor={id} title={description}>
        {title}
      </label>
      <input
        id={id}
        className="switch"
        type="checkbox"
        role="switch"
        checked={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </div>
  );
}
