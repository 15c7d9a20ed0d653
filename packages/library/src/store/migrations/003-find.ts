/**
 * What searches need beside the first tables: the city that a photo was taken near, the colours that it has much of by
 * their names, what its name tells of it, and indexes for every order. `assets_to_search` holds all that a photo is
 * found by, so that a search goes through a tenth of what the table itself takes.
 */
export const find = `
create table cities (
  id integer primary key,
  name text not null,
  country text not null,
  latitude double precision not null,
  longitude double precision not null,
  keys text[] not null
);

alter table assets
  add column city_id integer references cities,
  add column city_version smallint not null default 0,
  add column colors integer,
  add column camera text generated always as (
    nullif(left(trim(coalesce(camera_make, '') || ' ' || coalesce(camera_model, '')), 200), '')
  ) stored,
  add column is_screenshot boolean generated always as (
    kind = 'photo' and camera_make is null
      and search_text ~ '(screen.?shot|screen.?capture|bildschirmfoto|capture.d.?.?.?cran|captura.de.pantalla|schermata)'
  ) stored,
  add column is_edited boolean generated always as (
    search_text ~ '([-_ (]edit(ed)?[)]?[.]|(^| )img_e[0-9]{4}|[-_]bearbeitet)'
  ) stored;

drop index assets_by_time;
create index assets_to_search on assets (sort_time desc, id desc) include (
  kind, rating, is_favourite, places, faces, smile, width, height, bytes, camera, city_id, colors, latitude, longitude,
  is_screenshot, is_edited, is_shown
) where is_shown;
create index assets_by_camera on assets (camera, sort_time desc, id desc) where camera is not null and is_shown;
create index assets_hidden on assets (id) where not is_shown;
create index assets_by_added on assets (added_at desc, id desc) where is_shown;
create index assets_by_name on assets (left(search_text, 100) collate "C", id) where is_shown;
create index assets_by_rating on assets (rating desc, sort_time desc, id desc) where is_shown;
create index assets_by_size on assets (bytes desc, id desc) where is_shown;
create index assets_by_city on assets (city_id, sort_time desc, id desc) where city_id is not null and is_shown;
create index assets_screenshots on assets (sort_time desc, id desc) where is_shown and is_screenshot;
create index assets_edited on assets (sort_time desc, id desc) where is_shown and is_edited;
create index albums_by_name on albums (lower(name));

-- A place that changed is looked up anew.
create function forget_city() returns trigger language plpgsql as $$
begin
  new.city_id = null;
  new.city_version = 0;
  return new;
end $$;
create trigger location_changed before update of latitude, longitude on assets for each row
  when (old.latitude is distinct from new.latitude or old.longitude is distinct from new.longitude)
  execute function forget_city();
`;
