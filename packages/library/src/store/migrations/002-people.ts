/**
 * People: who is who in photos, and what users said of it. Numbers of people come from the clustering and are never used
 * twice. How many faces each has in photos that show is kept by triggers.
 */
export const people = `
create table people (
  id integer primary key,
  name text not null default '',
  is_hidden boolean not null default false,
  is_favourite boolean not null default false,
  is_kept boolean not null default false,
  cover_face_id integer references faces on delete set null,
  faces integer not null default 0,
  created_at bigint not null
);
create index people_by_size on people (faces desc, id);
create index people_by_name on people (lower(name)) where name <> '';

alter table faces
  add column person_id integer references people,
  add column look integer not null default 0,
  add column is_pinned boolean not null default false,
  add column is_confirmed boolean not null default false,
  add column not_people integer[] not null default '{}',
  add column is_face boolean not null default true,
  add column is_drawn boolean not null default false,
  add column revision integer not null default 1,
  add column placed_revision integer not null default 0;
create index faces_by_person on faces (person_id, asset_id) where person_id is not null;
create index faces_best on faces (person_id, quality desc) where person_id is not null;
create index faces_to_place on faces (id) where revision <> placed_revision and vector is not null and is_face;

create table people_apart (
  one_id integer not null references people on delete cascade,
  other_id integer not null references people on delete cascade,
  primary key (one_id, other_id)
);
create index people_apart_by_other on people_apart (other_id);

create table people_doubles (
  asset_id integer primary key references assets on delete cascade
);

create table people_actions (
  id integer generated always as identity primary key,
  kind text not null,
  person_id integer,
  acted_at bigint not null,
  undo jsonb not null
);

create table people_state (
  number integer primary key check (number = 1),
  version bigint not null,
  next_person integer not null,
  next_look integer not null
);
insert into people_state (number, version, next_person, next_look) values (1, 0, 1, 1);

create table faces_gone (
  face_id integer primary key
);

create function count_inserted_faces() returns trigger language plpgsql as $$
begin
  update people set faces = people.faces + changed.n from (
    select person_id, count(*)::integer as n from added join assets on assets.id = added.asset_id
    where person_id is not null and assets.is_shown group by person_id
  ) changed where people.id = changed.person_id;
  return null;
end $$;
create trigger faces_inserted after insert on faces referencing new table as added
  for each statement execute function count_inserted_faces();

create function count_updated_faces() returns trigger language plpgsql as $$
begin
  update people set faces = people.faces + changed.n from (
    select person_id, sum(n)::integer as n from (
      select person_id, asset_id, 1 as n from added where person_id is not null
      union all select person_id, asset_id, -1 from taken where person_id is not null
    ) both_ways join assets on assets.id = both_ways.asset_id
    where assets.is_shown group by person_id having sum(n) <> 0
  ) changed where people.id = changed.person_id;
  return null;
end $$;
create trigger faces_updated after update on faces referencing old table as taken new table as added
  for each statement execute function count_updated_faces();

create function count_deleted_faces() returns trigger language plpgsql as $$
begin
  update people set faces = people.faces + changed.n from (
    select person_id, -count(*)::integer as n from taken join assets on assets.id = taken.asset_id
    where person_id is not null and assets.is_shown group by person_id
  ) changed where people.id = changed.person_id;
  insert into faces_gone (face_id) select id from taken on conflict do nothing;
  return null;
end $$;
create trigger faces_deleted after delete on faces referencing old table as taken
  for each statement execute function count_deleted_faces();

create function count_shown_faces() returns trigger language plpgsql as $$
begin
  update people set faces = people.faces + case when new.is_shown then changed.n else -changed.n end from (
    select person_id, count(*)::integer as n from faces
    where asset_id = new.id and person_id is not null group by person_id
  ) changed where people.id = changed.person_id;
  return null;
end $$;
create trigger faces_shown after update on assets for each row
  when (old.is_shown is distinct from new.is_shown) execute function count_shown_faces();
`;
