/**
 * Links whose guests see faces covered, and whose faces stay: by the names that people had then, so that somebody who is
 * called otherwise by now is covered. People may be gone, and come back when that is undone, so nothing refers to them.
 */
export const covering = `
alter table shares add column is_covered boolean not null default false;

create table share_people (
  share_id integer not null references shares on delete cascade,
  person_id integer not null,
  name text not null,
  primary key (share_id, person_id)
);
`;
