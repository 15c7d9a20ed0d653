import type { CSSProperties } from 'react';
import type { AssetDetails, Box } from '../api/types.ts';

/** Faces and things, framed: the one that the pointer is on, or all. */
export function FoundBoxes({
  details: { things, faces },
  shows,
  litLabel,
}: {
  readonly details: Pick<AssetDetails, 'things' | 'faces'>;
  readonly shows: 'hover' | 'all';
  readonly litLabel: string | undefined;
}) {
  const found = [
    ...things.map(({ label, box }, index) => ({ key: `thing-${index}`, lit: label, label, box, isFace: false })),
    ...faces.map(({ id, box, person }) => {
      const name = person?.name ?? '';
      return { key: `face-${id}`, lit: `face ${id}`, label: name === '' ? 'face' : name, box, isFace: true };
    }),
  ];
  // The smaller ones lie on top, so that each can be pointed at.
  found.sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
  return (
    <div className="found-boxes" data-shows={shows} aria-hidden="true">
      {found.map(({ key, lit, label, box, isFace }) => (
        <span
          key={key}
          className="found-box"
          data-face={isFace || undefined}
          data-lit={litLabel === lit || undefined}
          style={toStyle(box)}
        >
          <span className="found-name">{label}</span>
        </span>
      ))}
    </div>
  );
}

function toStyle({ x, y, width, height }: Box): CSSProperties {
  const percent = (value: number): string => `${value * 100}%`;
  return { left: percent(x), top: percent(y), width: percent(width), height: percent(height) };
}
