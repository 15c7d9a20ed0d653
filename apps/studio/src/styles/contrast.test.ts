import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const selectors = { light: ':root {', dark: ':root[data-theme="dark"]' };

function blockOf(selector: string): string {
  const start = css.indexOf(selector);
  return css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
}

/** The colours of one theme. */
function readTheme(selector: string): ReadonlyMap<string, string> {
  const found = [...blockOf(selector).matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)];
  return new Map(found.map(([, name = '', color = '']) => [name, color]));
}

/** Relative luminance and contrast ratio of WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const themes = { light: readTheme(selectors.light), dark: readTheme(selectors.dark) };
const grounds = ['stage', 'ground', 'surface', 'raised', 'sunken'];

describe.each(Object.entries(themes))('the %s theme', (name, theme) => {
  const color = (token: string): string => {
    const value = theme.get(token);
    if (value === undefined) throw new Error(`There is no token ${token}.`);
    return value;
  };

  it.each(['text', 'muted', 'accent', 'danger', 'good'])(
    'lets %s be read on every ground: 4.5 to 1 (WCAG AA)',
    (token) => {
      const ratios = grounds.map((ground) => [ground, contrast(color(token), color(ground))] as const);
      expect(ratios.filter(([, ratio]) => ratio < 4.5)).toEqual([]);
    },
  );

  it('lets the accent be read on its own soft ground', () => {
    const soft = /--accent-soft:\s*rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)/.exec(
      blockOf(selectors[name as keyof typeof selectors]),
    );
    const [r = 0, g = 0, b = 0, alpha = 0] = (soft ?? []).slice(1).map(Number);
    expect(alpha).toBeGreaterThan(0);
    const under = [1, 3, 5].map((at) => Number.parseInt(color('ground').slice(at, at + 2), 16));
    const mixed = [r, g, b].map((value, c) => Math.round(value * alpha + (under[c] ?? 0) * (1 - alpha)));
    const hex = `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
    expect(contrast(color('accent'), hex)).toBeGreaterThanOrEqual(4.5);
  });

  it('lets the text of filled buttons be read', () => {
    expect(contrast(color('on-strong'), color('strong'))).toBeGreaterThanOrEqual(4.5);
  });

  it('shows what has the focus: 3 to 1 (WCAG AA)', () => {
    const ratios = grounds.map((ground) => [ground, contrast(color('focus'), color(ground))] as const);
    expect(ratios.filter(([, ratio]) => ratio < 3)).toEqual([]);
  });
});

it('holds the dark theme once for systems that are dark and once for those who choose it, alike', () => {
  expect(readTheme(':root:not([data-theme="light"])')).toEqual(themes.dark);
  expect(themes.dark.size).toBeGreaterThan(10);
});
