import type { ParameterInfo, ParamValue } from '../state/types.ts';
import { useStudio } from '../ui/context.tsx';
import { AngleControl } from './angle-control.tsx';
import { ColorControl } from './color-control.tsx';
import { EnumControl } from './enum-control.tsx';
import { NumberControl } from './number-control.tsx';
import { SwitchControl } from './switch-control.tsx';
import { TextControl } from './text-control.tsx';

/** The control for one parameter, by its type. */
export function Control({ parameter, value }: { readonly parameter: ParameterInfo; readonly value: ParamValue }) {
  const setParam = useStudio((state) => state.setParam);
  const onChange = (next: ParamValue) => setParam(parameter.name, next);
  switch (parameter.type) {
    case 'number':
    case 'integer':
      return parameter.control === 'angle' ? (
        <AngleControl parameter={parameter} value={Number(value)} onChange={onChange} />
      ) : (
        <NumberControl parameter={parameter} value={Number(value)} onChange={onChange} />
      );
    case 'boolean':
      return <SwitchControl parameter={parameter} value={value === true} onChange={onChange} />;
    case 'enum':
      return <EnumControl parameter={parameter} value={String(value)} onChange={onChange} />;
    case 'string':
      return parameter.control === 'color' ? (
        <ColorControl parameter={parameter} value={String(value)} onChange={onChange} />
      ) : (
        <TextControl parameter={parameter} value={String(value)} onChange={onChange} />
      );
  }
}
