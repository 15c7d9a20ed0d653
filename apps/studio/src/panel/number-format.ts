import type { ParameterInfo } from '../state/types.ts';

type NumberInfo = Extract<ParameterInfo, { type: 'number' | 'integer' }>;

/** How a parameter's numbers are shown to people and read from them. */
export interface NumberFormat {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit: string;
  toText(value: number): string;
  /** The nearest allowed value; nothing where the text is no number. A comma may stand for the point. */
  fromText(text: string): number | undefined;
}

/** Fractions are shown as what their unit says: a `%` unit multiplies by 100. */
export function createNumberFormat(parameter: NumberInfo): NumberFormat {
  const { min, max, unit = '', type } = parameter;
  const step = parameter.step ?? (type === 'integer' ? 1 : toRoundStep((max - min) / 200));
  // A number from 0 to 1 without a unit is a share, and people read shares in percent.
  const isShare = type === 'number' && (unit.startsWith('%') ? max <= 1 : unit === '' && min >= -1 && max <= 1);
  const factor = isShare ? 100 : 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step * factor) + 1e-9));
  return {
    min,
    max,
    step,
    unit: isShare ? '%' : unit.length > 4 ? '' : unit,
    toText: (value) => (value * factor).toFixed(digits),
    fromText(text) {
      const value = Number.parseFloat(text.replace(',', '.'));
      if (!Number.isFinite(value)) return undefined;
      const steps = Math.round((value / factor - min) / step);
      return Math.min(max, Math.max(min, Number((min + steps * step).toPrecision(12))));
    },
  };
}

function toRoundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return step / power >= 5 ? 5 * power : step / power >= 2 ? 2 * power : power;
}
