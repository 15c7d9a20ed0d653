/**
 * Versions of photos: recipes beside originals. What a version makes of its photo is kept beside the small pictures, by
 * its tag. An asset holds what grids need of the one that is shown in its place, so that a page takes no second table.
 * And what it takes to name people by regions of other programs.
 */
export const versions = `
create table versions (
  id integer generated always as identity primary key,
  asset_id integer not null references assets on delete cascade,
  name text not null,
  recipe text not null,
  tag text not null,
  created_at bigint not null,
  changed_at bigint not null,
  deleted_at bigint,
  was_current boolean not null default false,
  width integer,
  height integer,
  warnings text[] not null default '{}',
  problem text
);
create index versions_by_asset on versions (asset_id);
create index versions_deleted on versions (deleted_at) where deleted_at is not null;

alter table assets
  add column version_id integer references versions on delete set null,
  add column version_tag text,
  add column version_width integer,
  add column version_height integer;
create index assets_by_version on assets (version_id) where version_id is not null;

-- Whether what a region says of a face was taken over, and whether a name came from there rather than from the user.
alter table regions add column is_applied boolean not null default false;
create index regions_to_apply on regions (asset_id) where not is_applied and type = 'Face';
alter table people add column is_name_imported boolean not null default false;
`;
