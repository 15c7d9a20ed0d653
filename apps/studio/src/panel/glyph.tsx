import type { ReactNode } from 'react';

const SIDES: Readonly<Record<string, number>> = {
  triangle: 3,
  square: 4,
  pentagon: 5,
  hexagon: 6,
  heptagon: 7,
  octagon: 8,
};

/** A small drawing of an enum value; nothing for values that no drawing is known for. */
export function drawGlyph(value: string): ReactNode {
  const sides = SIDES[value];
  if (value === 'disc') return wrap(<circle cx="8" cy="8" r="6" fill="currentColor" />);
  if (sides !== undefined) return wrap(<polygon points={toPolygon(sides)} fill="currentColor" />);
  switch (value) {
    case 'transparent':
      return wrap(
        <>
          <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="none" stroke="currentColor" />
          <path d="M2 5a3 3 0 0 1 3-3h3v6h6v3a3 3 0 0 1-3 3H8V8H2z" fill="currentColor" opacity=".55" />
        </>,
      );
    case 'color':
      return wrap(<rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor" />);
    case 'gradient':
      return wrap(
        <>
          <linearGradient id="glyph-gradient" x1="0" y1="0" x2="1" y2="1">
            <stop offset="0" stopColor="currentColor" />
            <stop offset="1" stopColor="currentColor" stopOpacity="0.1" />
          </linearGradient>
          <rect
            x="1.5"
            y="1.5"
            width="13"
            height="13"
            rx="3"
            fill="url(#glyph-gradient)"
            stroke="currentColor"
            strokeOpacity=".4"
          />
        </>,
      );
    case 'picture':
      return wrap(
        <>
          <rect x="1.5" y="2.5" width="13" height="11" rx="2.5" fill="none" stroke="currentColor" />
          <path d="m2 11.5 3.5-3.3 2.6 2.2 2.4-2.6 3.5 3.4" fill="none" stroke="currentColor" />
        </>,
      );
    default:
      return null;
  }
}

function wrap(children: ReactNode): ReactNode {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

function toPolygon(sides: number): string {
  const turn = sides % 2 === 0 ? Math.PI / sides : 0;
  return Array.from({ length: sides }, (_, i) => {
    const angle = (i / sides) * 2 * Math.PI - Math.PI / 2 + turn;
    return `${(8 + 6.6 * Math.cos(angle)).toFixed(2)},${(8 + 6.6 * Math.sin(angle)).toFixed(2)}`;
  }).join(' ');
}
