/** On or off; named by a label. */
export function Switch({
  id,
  value,
  onChange,
}: {
  readonly id: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}) {
  return (
    <input
      id={id}
      className="switch"
      type="checkbox"
      role="switch"
      checked={value}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
