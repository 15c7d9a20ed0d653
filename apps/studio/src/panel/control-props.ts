import type { ParameterInfo, ParamValue } from '../state/types.ts';

/** What a control for one kind of parameter is given. */
export interface ControlProps<T extends ParameterInfo, V extends ParamValue> {
  readonly parameter: T;
  readonly value: V;
  readonly onChange: (value: V) => void;
}
