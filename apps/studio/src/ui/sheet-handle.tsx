/** Opens and closes a panel that is a sheet at the bottom on small screens. */
export function SheetHandle({
  isOpen,
  onChange,
}: {
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
}) {
  return (
    <button
      type="button"
      className="sheet-handle"
      aria-expanded={isOpen}
      aria-label={isOpen ? 'Hide the controls' : 'Show the controls'}
      onClick={() => onChange(!isOpen)}
    />
  );
}
