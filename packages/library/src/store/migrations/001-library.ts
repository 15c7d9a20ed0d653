/**
 * Counts are kept by triggers, since counting 100,000 rows takes longer than a page should. Names are plain, so that the
 * same text runs on the embedded database and on any server from version 15 on.
 */
export const library = `
create table folders (
  id integer generated always as identity primary key,
  path text not null unique,
  added_at bigint not null,
  scanned_at bigint,
  is_online boolean not null default true
);

create table assets (
  id integer generated always as identity primary key,
  sha256 text not null unique,
  kind text not null check (kind in ('photo', 'video')),
  format text not null,
  bytes bigint not null,
  width integer not null,
  height integer not null,
  duration_ms integer,
  added_at bigint not null,
  taken_at text,
  taken_source text,
  sort_time bigint not null,
  month integer not null,
  latitude double precision,
  longitude double precision,
  altitude double precision,
  camera_make text,
  camera_model text,
  lens text,
  exposure_seconds double precision,
  aperture double precision,
  iso double precision,
  focal_length_mm double precision,
  caption text not null default '',
  rating smallint not null default 0 check (rating between 0 and 5),
  is_favourite boolean not null default false,
  trashed_at bigint,
  places integer not null default 0,
  is_shown boolean generated always as (places > 0 and trashed_at is null) stored,
  search_text text not null default '',
  hash text,
  placeholder text,
  palette jsonb,
  thumbnail_version smallint not null default 0,
  scene_version smallint not null default 0,
  focal_x double precision,
  focal_y double precision,
  faces smallint,
  smile double precision
);
create index assets_by_time on assets (sort_time desc, id desc) where is_shown;
create index assets_favourite on assets (sort_time desc, id desc) where is_shown and is_favourite;
create index assets_trashed on assets (trashed_at) where trashed_at is not null;
create index assets_by_place on assets (latitude, longitude) where latitude is not null;

create table places (
  id integer generated always as identity primary key,
  folder_id integer not null references folders on delete cascade,
  asset_id integer not null references assets on delete cascade,
  path text not null unique,
  name text not null,
  stamp text not null
);
create index places_by_folder on places (folder_id);
create index places_by_asset on places (asset_id);

create table bad_files (
  path text primary key,
  folder_id integer not null references folders on delete cascade,
  asset_id integer references assets on delete cascade,
  stamp text not null,
  code text not null,
  message text not null,
  hint text,
  failed_at bigint not null,
  tries integer not null default 1
);

create table things (
  asset_id integer not null references assets on delete cascade,
  label text not null,
  score double precision not null,
  x double precision not null,
  y double precision not null,
  width double precision not null,
  height double precision not null
);
create index things_by_asset on things (asset_id);
create index things_by_label on things (label, asset_id);

create table faces (
  id integer generated always as identity primary key,
  asset_id integer not null references assets on delete cascade,
  x double precision not null,
  y double precision not null,
  width double precision not null,
  height double precision not null,
  score double precision not null,
  roll_degrees double precision not null,
  quality double precision not null,
  smile double precision,
  expression text,
  vector real[]
);
create index faces_by_asset on faces (asset_id);

create table hash_bands (
  asset_id integer not null references assets on delete cascade,
  band smallint not null,
  value integer not null,
  primary key (band, value, asset_id)
);
create index hash_bands_by_asset on hash_bands (asset_id);

create table near_duplicates (
  asset_id integer not null references assets on delete cascade,
  other_id integer not null references assets on delete cascade,
  distance smallint not null,
  primary key (asset_id, other_id)
);
create index near_duplicates_by_other on near_duplicates (other_id);

create table months (
  month integer primary key,
  assets integer not null
);

create table albums (
  id integer generated always as identity primary key,
  name text not null,
  description text not null default '',
  cover_id integer references assets on delete set null,
  query text,
  created_at bigint not null,
  position integer not null default 0
);

create table album_assets (
  album_id integer not null references albums on delete cascade,
  asset_id integer not null references assets on delete cascade,
  position integer not null,
  primary key (album_id, asset_id)
);
create index album_assets_in_order on album_assets (album_id, position);
create index album_assets_by_asset on album_assets (asset_id);

create function count_months() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.is_shown then
    update months set assets = months.assets - 1 where months.month = old.month;
  end if;
  if tg_op <> 'DELETE' and new.is_shown then
    insert into months (month, assets) values (new.month, 1)
    on conflict (month) do update set assets = months.assets + 1;
  end if;
  return null;
end $$;
create trigger months_changed after insert or delete on assets for each row execute function count_months();
create trigger months_moved after update on assets for each row
  when (old.is_shown is distinct from new.is_shown or old.month is distinct from new.month)
  execute function count_months();

create function count_places() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    update assets set
      places = assets.places - 1,
      search_text = lower(coalesce((select string_agg(distinct name, ' ') from places where asset_id = old.asset_id), '')
        || ' ' || caption)
    where id = old.asset_id;
  end if;
  if tg_op <> 'DELETE' then
    update assets set
      places = assets.places + 1,
      search_text = lower(coalesce((select string_agg(distinct name, ' ') from places where asset_id = new.asset_id), '')
        || ' ' || caption)
    where id = new.asset_id;
  end if;
  return null;
end $$;
create trigger places_changed after insert or delete on places for each row execute function count_places();
create trigger places_moved after update on places for each row
  when (old.asset_id is distinct from new.asset_id or old.name is distinct from new.name)
  execute function count_places();

create function take_caption() returns trigger language plpgsql as $$
begin
  new.search_text = lower(coalesce((select string_agg(distinct name, ' ') from places where asset_id = new.id), '')
    || ' ' || new.caption);
  return new;
end $$;
create trigger caption_changed before update of caption on assets for each row execute function take_caption();

-- Where it cannot be installed, text is found without its index.
do $$ begin
  create extension if not exists pg_trgm with schema public;
  create index assets_by_text on assets using gin (search_text public.gin_trgm_ops);
exception when others then null;
end $$;
`;
