const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** In English: Switzerland of CH. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (NAMES.of(code) ?? code) : code;
}
