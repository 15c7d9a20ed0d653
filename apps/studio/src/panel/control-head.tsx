import type { ReactNode } from 'react';
import type { ParameterInfo } from '../state/types.ts';
import { Icon } from '../ui/icons.tsx';
import { useControlActions } from './control-actions.ts';

/** A control's name, its way back to the default, and its value. */
export function ControlHead({
  parameter,
  isChanged,
  htmlFor,
  labelId,
  children,
}: {
  readonly parameter: ParameterInfo;
  readonly isChanged: boolean;
  readonly htmlFor?: string;
  readonly labelId?: string;
  readonly children?: ReactNode;
}) {
  const { reset } = useControlActions();
  const { title, description, name } = parameter;
  return (
    <div className="control-head">
      {htmlFor === undefined ? (
        <span className="control-title" id={labelId} title={description}>
          {title}
        </span>
      ) : (
        <label className="control-title" htmlFor={htmlFor} title={description}>
          {title}
        </label>
      )}
      <button
        type="button"
        className="icon-button small reset"
        title={`Reset ${title}`}
        aria-label={`Reset ${title}`}
        // Kept in its place so that nothing jumps; out of reach while there is nothing to reset.
        disabled={!isChanged}
        onClick={() => reset(name)}
      >
        <Icon name="reset" size={14} />
      </button>
      <span className="control-value">{children}</span>
    </div>
  );
}
