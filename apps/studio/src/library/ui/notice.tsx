import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../ui/icons.tsx';

/** What stands where there is nothing to show: why, and what can be done. */
export function Notice({
  icon,
  title,
  text,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="notice">
      <span className="notice-icon">
        <Icon name={icon} size={34} />
      </span>
      <h1>{title}</h1>
      <p>{text}</p>
      {children !== undefined && <div className="notice-actions">{children}</div>}
    </div>
  );
}
