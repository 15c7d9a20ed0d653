import type { Provenance, Scene } from '@focal/core';
import type { ModelStore } from '../ports.ts';

/** The scene with a user's own models in its provenance where they ran in place of others. */
export function nameOwnModels(scene: Scene, store: ModelStore): Scene {
  if (store.own === undefined) return scene;
  const rename = (models: readonly string[]): readonly string[] => [
    ...new Set(models.map((id) => store.own?.(id)?.name ?? id)),
  ];
  // Evidence is what Focal's own nets give: gradients are built into no other.
  const facts = Object.entries(scene).map(([name, fact]: [string, unknown]) =>
    hasProvenance(fact) && name !== 'saliency'
      ? [name, { ...fact, provenance: { ...fact.provenance, models: rename(fact.provenance.models) } }]
      : [name, fact],
  );
  return Object.fromEntries(facts) as Scene;
}

function hasProvenance(fact: unknown): fact is { readonly provenance: Provenance } {
  return typeof fact === 'object' && fact !== null && 'provenance' in fact;
}
