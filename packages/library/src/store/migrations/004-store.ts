/** What the user chose for the library, and what XMP tells of photos beside what cameras do. */
export const store = `
create table settings (
  name text primary key,
  value jsonb not null
);

alter table assets
  add column orientation smallint,
  add column keywords text[] not null default '{}';

alter table places add column xmp jsonb;

-- In fractions of the upright photo.
create table regions (
  asset_id integer not null references assets on delete cascade,
  name text not null,
  type text not null,
  x double precision not null,
  y double precision not null,
  width double precision not null,
  height double precision not null
);
create index regions_by_asset on regions (asset_id);

-- Its arguments have names that no column has: a column's would win.
create function words_of(of_asset integer, of_caption text, of_keywords text[]) returns text language sql stable as $$
  select lower(coalesce((select string_agg(distinct name, ' ') from places where asset_id = of_asset), '')
    || ' ' || of_caption || ' ' || array_to_string(of_keywords, ' '))
$$;

create or replace function count_places() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    update assets set places = assets.places - 1, search_text = words_of(assets.id, caption, keywords)
    where id = old.asset_id;
  end if;
  if tg_op <> 'DELETE' then
    update assets set places = assets.places + 1, search_text = words_of(assets.id, caption, keywords)
    where id = new.asset_id;
  end if;
  return null;
end $$;

create or replace function take_caption() returns trigger language plpgsql as $$
begin
  new.search_text = words_of(new.id, new.caption, new.keywords);
  return new;
end $$;
drop trigger caption_changed on assets;
create trigger caption_changed before update of caption, keywords on assets
  for each row execute function take_caption();
`;
