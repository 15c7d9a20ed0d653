import { useId } from 'react';
import { Switch } from '../../ui/switch.tsx';

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
      <Switch id={id} value={value} onChange={onChange} />
    </div>
  );
}
