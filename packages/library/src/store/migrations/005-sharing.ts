/**
 * Albums that are shared by a link, and private ones. What may be seen is said here and nowhere else: `is_shown` of what
 * views show and `is_trashed` of what the trash does, both without what is in a private album. A column that is computed
 * cannot be changed before PostgreSQL 17, so that it is made anew with all that stands on it.
 */
export const sharing = `
alter table albums add column password text;

-- Kept by triggers: whether it is in an album that has a password.
alter table assets add column is_private boolean not null default false;

drop trigger months_moved on assets;
drop trigger faces_shown on assets;
alter table assets drop column is_shown;
alter table assets
  add column is_shown boolean generated always as (places > 0 and trashed_at is null and not is_private) stored,
  add column is_trashed boolean generated always as (trashed_at is not null and not is_private) stored;
create trigger months_moved after update on assets for each row
  when (old.is_shown is distinct from new.is_shown or old.month is distinct from new.month)
  execute function count_months();
create trigger faces_shown after update on assets for each row
  when (old.is_shown is distinct from new.is_shown) execute function count_shown_faces();

create index assets_favourite on assets (sort_time desc, id desc) where is_shown and is_favourite;
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
create index assets_private on assets (id) where is_private;

-- Whoever comes second waits for the rows, and then sees what the first one did.
create function tell_private(of_assets integer[]) returns void language plpgsql as $$
begin
  perform from assets where id = any(of_assets) order by id for update;
  update assets set is_private = not assets.is_private where id = any(of_assets) and assets.is_private is distinct from
    exists (select from album_assets join albums on albums.id = album_assets.album_id
      where album_assets.asset_id = assets.id and albums.password is not null);
end $$;

create function take_members() returns trigger language plpgsql as $$
begin
  perform tell_private(coalesce((select array_agg(distinct asset_id) from changed), '{}'));
  return null;
end $$;
create trigger members_came after insert on album_assets referencing new table as changed
  for each statement execute function take_members();
create trigger members_went after delete on album_assets referencing old table as changed
  for each statement execute function take_members();

create function take_password() returns trigger language plpgsql as $$
begin
  perform tell_private(coalesce((select array_agg(asset_id) from album_assets where album_id = new.id), '{}'));
  return null;
end $$;
create trigger password_changed after update on albums for each row
  when ((old.password is null) <> (new.password is null)) execute function take_password();

create table shares (
  id integer generated always as identity primary key,
  album_id integer not null references albums on delete cascade,
  token_hash text not null unique,
  password text,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint
);
create index shares_by_album on shares (album_id);
`;
