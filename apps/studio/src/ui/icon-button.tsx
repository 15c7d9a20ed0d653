import { Icon, type IconName } from './icons.tsx';

/** A button that is an icon, with its name and key. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly keys?: string;
  readonly isPressed?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className={props.className === undefined ? 'icon-button' : `icon-button ${props.className}`}
      aria-label={props.label}
      aria-pressed={props.isPressed}
      title={props.keys === undefined ? props.label : `${props.label} (${props.keys})`}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
