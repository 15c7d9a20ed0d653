/** Seconds as `1:05`, or with tenths as `1:05.2`. */
export function toClock(seconds: number, digits: 0 | 1 = 0): string {
  const scale = 10 ** digits;
  const whole = Math.floor(Math.max(0, seconds) * scale) / scale;
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${(whole - minutes * 60).toFixed(digits).padStart(digits === 0 ? 2 : 4, '0')}`;
}
