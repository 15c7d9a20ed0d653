import type { Scene } from '@focal/core';

/** Whom a step can act on in any photo, by selectors in short form. */
export const ROLES: readonly (readonly [on: string, name: string])[] = [
  ['main', 'The main subject'],
  ['background', 'The background'],
  ['everything', 'The whole photo'],
  ['everyone', 'All people'],
  ['things', 'All things'],
  ['largest', 'Whoever is largest'],
  ['most-smiling', 'Who smiles most'],
  ['faces', 'All faces'],
  ['unknown-faces', 'Faces nobody knows'],
];

/** Selectors in short form as people say them. */
export function createTargetNames(scene: Scene | undefined): (on: string) => string {
  const nameOf = createSubjectNames(scene);
  return (on) => {
    const role = ROLES.find(([each]) => each === on);
    if (role !== undefined) return role[1];
    if (on.startsWith('except:')) return `All but ${on.slice('except:'.length).split(',').map(nameOf).join(', ')}`;
    if (on.startsWith('things:')) return `Every ${on.slice('things:'.length)}`;
    if (on.startsWith('at:')) return 'What was pointed at';
    return on.split(',').map(nameOf).join(', ');
  };
}

/** Ids such as `wine-glass-2` as people say them: with a number only where there are several of a kind. */
export function createSubjectNames(scene: Scene | undefined): (id: string) => string {
  const ids = scene?.subjects?.subjects.map(({ id }) => id) ?? [];
  const kindOf = (id: string) => id.replace(/-\d+$/, '');
  return (id) => {
    const kind = kindOf(id);
    const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll('-', ' ')}`;
    const isOnly = ids.includes(id) && ids.filter((other) => kindOf(other) === kind).length === 1;
    return isOnly ? name : `${name} ${id.slice(kind.length + 1)}`;
  };
}

/** The subjects that a selector in short form names one by one; none where it names a role. */
export function toChosenIds(on: string | undefined): readonly string[] {
  if (on === undefined || on.includes(':')) return [];
  const ids = on.split(',');
  return ids.every((id) => /-\d+$/.test(id)) ? ids : [];
}
