import type { Chip, Condition } from './ast.ts';

/** A part of a search for people: `not dog`, `from 2023-06-01 to 2023-08-31`. */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts
        .map((part) =>
          part.kind === 'and' || part.kind === 'or' ? `(${describeCondition(part)})` : describeCondition(part),
        )
        .join(condition.kind === 'and' ? ' and ' : ' or ');
    case 'not': {
      const { part } = condition;
      return part.kind === 'and' || part.kind === 'or'
        ? `not (${describeCondition(part)})`
        : `not ${describeCondition(part)}`;
    }
    default:
      return describeChip(condition);
  }
}

function describeChip(chip: Chip): string {
  switch (chip.kind) {
    case 'thing':
      return chip.label;
    case 'person':
      return chip.name;
    case 'text':
      return `“${chip.text}”`;
    case 'date':
      return describeDays(chip);
    case 'place':
      return `near ${chip.name}`;
    case 'box':
      return `on the map at ${[(chip.south + chip.north) / 2, middleOf(chip.west, chip.east)].map((each) => each.toFixed(1)).join(', ')}`;
    case 'camera':
      return `by ${chip.text}`;
    case 'color':
      return chip.color;
    case 'is':
      return {
        favourite: 'favourites',
        smiling: 'smiling',
        screenshot: 'screenshots',
        edited: 'edited',
        duplicate: 'duplicates',
      }[chip.what];
    case 'type':
      return `${chip.type}s`;
    case 'orientation':
      return chip.orientation;
    case 'album':
      return `in ${chip.name}`;
    case 'rating':
      return describeRange(chip, ' stars');
    case 'faces':
      return describeRange(chip, ' faces');
    case 'size':
      return describeRange(chip, chip.unit === 'mp' ? ' megapixels' : ' MB');
  }
}

function describeDays({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): string {
  if (from === undefined || to === undefined) return from === undefined ? `until ${to}` : `from ${from}`;
  if (from === to) return from;
  const [year, month] = [from.slice(0, 4), from.slice(0, 7)];
  if (from === `${year}-01-01` && to === `${year}-12-31`) return year;
  const lastDay = new Date(Date.UTC(Number(year), Number(from.slice(5, 7)), 0)).toISOString().slice(0, 10);
  if (from === `${month}-01` && to === lastDay) return month;
  return `${from} to ${to}`;
}

function describeRange(
  { least, most }: { readonly least?: number | undefined; readonly most?: number | undefined },
  unit: string,
): string {
  if (least === undefined) return `at most ${most}${unit}`;
  if (most === undefined) return `at least ${least}${unit}`;
  return least === most ? `${least}${unit}` : `${least} to ${most}${unit}`;
}

/** Of two longitudes, across the date line where the first is greater. */
function middleOf(west: number, east: number): number {
  const middle = west <= east ? (west + east) / 2 : (west + east + 360) / 2;
  return middle > 180 ? middle - 360 : middle;
}
