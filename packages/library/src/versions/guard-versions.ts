import type { Versions } from './versions.ts';

/** The same, but each first asks whether the photo may be known. @param look throws `not-found` where it may not */
export function guardVersions(versions: Versions, look: (assetId: number) => Promise<unknown>): Versions {
  const guard =
    <Rest extends readonly unknown[], Result>(act: (assetId: number, ...rest: Rest) => Promise<Result>) =>
    async (assetId: number, ...rest: Rest): Promise<Result> => {
      await look(assetId);
      return act(assetId, ...rest);
    };
  return {
    list: guard((assetId) => versions.list(assetId)),
    get: guard((assetId, id: number) => versions.get(assetId, id)),
    recipe: guard((assetId, id: number) => versions.recipe(assetId, id)),
    create: guard((assetId, version: Parameters<Versions['create']>[1]) => versions.create(assetId, version)),
    change: guard((assetId, id: number, change: Parameters<Versions['change']>[2]) =>
      versions.change(assetId, id, change),
    ),
    remove: guard((assetId, id: number) => versions.remove(assetId, id)),
    restore: guard((assetId, id: number) => versions.restore(assetId, id)),
    show: guard((assetId, id: number | null) => versions.show(assetId, id)),
    picture: guard((assetId, id: number, kind: Parameters<Versions['picture']>[2]) =>
      versions.picture(assetId, id, kind),
    ),
    render: guard((assetId, id: number, options?: Parameters<Versions['render']>[2]) =>
      versions.render(assetId, id, options),
    ),
  };
}
