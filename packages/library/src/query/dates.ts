/** Days as ISO text, both included; one of the two may be left out. */
export interface DayRange {
  readonly from?: string;
  readonly to?: string;
}

export interface DateOptions {
  /** `2024-05-31`, by the user's clock. */
  readonly today: string;
  /** Whether summer is at the turn of the year. */
  readonly isSouthern?: boolean;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
/** First months, north of the equator. */
const SEASONS: Readonly<Record<string, number>> = { spring: 3, summer: 6, autumn: 9, fall: 9, winter: 12 };
const NOT_ALONE = new Set(['may', 'march']);
/**
 * Days that words speak of: `2024`, `2023-05`, `2023-05-01..2023-06-01`, `june 2023`, `12 june 2023`, `last summer`,
 * `this week`, `last 7 days`, `yesterday`. Nothing where they speak of none. Weeks begin on Monday.
 */
export function readDays(text: string, options: DateOptions): DayRange | undefined {
  const words = text.toLowerCase().trim().replaceAll(/\s+/g, ' ');
  const parts = words.split('..');
  if (parts.length > 2) return undefined;
  if (parts.length === 1) return readSpan(words, options);
  const [first = '', last = ''] = parts.map((part) => part.trim());
  const from = first === '' ? {} : readSpan(first, options);
  const to = last === '' ? {} : readSpan(last, options);
  if (from === undefined || to === undefined || (first === '' && last === '')) return undefined;
  const range = { ...(from.from !== undefined && { from: from.from }), ...(to.to !== undefined && { to: to.to }) };
  return range.from !== undefined && range.to !== undefined && range.from > range.to ? undefined : range;
}

function readSpan(text: string, options: DateOptions): DayRange | undefined {
  return readNumbers(text) ?? readNamed(text, options) ?? readRelative(text, options);
}

function readNumbers(text: string): DayRange | undefined {
  const [, year = '', month, day] = /^((?:19|20)\d{2})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text) ?? [];
  if (year === '') return undefined;
  if (month === undefined) return { from: `${year}-01-01`, to: `${year}-12-31` };
  const monthNumber = Number(month);
  if (monthNumber < 1 || monthNumber > 12) return undefined;
  const whole = spanOfMonths(Number(year), monthNumber, 1);
  if (day === undefined) return whole;
  const only = toDay(Date.UTC(Number(year), monthNumber - 1, Number(day)));
  return only >= (whole.from as string) && only <= (whole.to as string) ? { from: only, to: only } : undefined;
}

/** Months and seasons, with a year or of the last time they were over or are now. */
function readNamed(text: string, { today, isSouthern = false }: DateOptions): DayRange | undefined {
  const [, dayText, word = '', yearText] = /^(?:(\d{1,2}) )?([a-z]+)(?: ((?:19|20)\d{2}))?$/.exec(text) ?? [];
  const thisYear = Number(today.slice(0, 4));
  const month = word.length < 3 ? -1 : MONTHS.findIndex((each) => each === word || each.slice(0, 3) === word);
  if (month >= 0) {
    if (yearText === undefined && NOT_ALONE.has(word)) return undefined;
    const isAhead = spanOfMonths(thisYear, month + 1, 1).from as string;
    const year = yearText === undefined ? thisYear - (isAhead > today ? 1 : 0) : Number(yearText);
    return dayText === undefined
      ? spanOfMonths(year, month + 1, 1)
      : readNumbers(`${year}-${month + 1}-${Number(dayText)}`);
  }
  if (dayText !== undefined || SEASONS[word] === undefined || yearText === undefined) return undefined;
  return season(word, Number(yearText), isSouthern);
}

function readRelative(text: string, { today, isSouthern = false }: DateOptions): DayRange | undefined {
  const now = Date.parse(today);
  const before = (days: number): string => toDay(now - days * DAY_MS);
  if (text === 'today') return { from: today, to: today };
  if (text === 'yesterday') return { from: before(1), to: before(1) };
  const [, count] = /^last (\d{1,4}) days$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) === 0 ? undefined : { from: before(Number(count) - 1), to: today };
  const [, which, what = ''] = /^(last|this) ([a-z]+)$/.exec(text) ?? [];
  if (which === undefined) return undefined;
  const back = which === 'last' ? 1 : 0;
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  if (what === 'year') return readNumbers(String(year - back));
  if (what === 'month') return spanOfMonths(year, month - back, 1);
  if (what === 'week') {
    const monday = ((new Date(now).getUTCDay() + 6) % 7) + 7 * back;
    return { from: before(monday), to: before(monday - 6) };
  }
  if (SEASONS[what] === undefined) return undefined;
  const near = [year + 1, year, year - 1, year - 2].map((each) => season(what, each, isSouthern));
  if (back === 1) return near.find(({ to = '' }) => to < today);
  return near.find(({ from = '', to = '' }) => from <= today && to >= today) ?? near[1];
}

const DAY_MS = 86_400_000;

/** Of winter (in the south, summer), the year is the one that it begins in. */
function season(word: string, year: number, isSouthern: boolean): DayRange {
  const first = SEASONS[word] as number;
  return spanOfMonths(year, isSouthern ? ((first + 5) % 12) + 1 : first, 3);
}

function spanOfMonths(year: number, month: number, count: number): DayRange {
  return { from: toDay(Date.UTC(year, month - 1, 1)), to: toDay(Date.UTC(year, month - 1 + count, 0)) };
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
