import type { MetadataChoice } from '@focal/core';

const HINTS: Readonly<Record<MetadataChoice, string>> = {
  none: 'Nothing tells when, where or by whom it was taken.',
  'no-location': 'Camera, time, exposure, description and author stay.',
  all: 'Camera, time, exposure, description, author and place stay.',
};

/** What of a photo's own metadata goes into a file that is made of it. */
export function MetadataSelect({
  value,
  onChange,
}: {
  readonly value: MetadataChoice;
  readonly onChange: (value: MetadataChoice) => void;
}) {
  return (
    <>
      <label className="quality export-size">
        <span>Metadata</span>
        <select
          className="select"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as MetadataChoice)}
        >
          <option value="none">None</option>
          <option value="no-location">Without location</option>
          <option value="all">All</option>
        </select>
      </label>
      <p className="hint">{HINTS[value]}</p>
    </>
  );
}
