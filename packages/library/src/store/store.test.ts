import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FocalError } from '@focal/core';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { DATABASES, useLibraries } from '../fixtures/test-library.ts';
import { findHolder, LibraryHeldError, lockFolder } from './embedded/folder-lock.ts';
import { openEmbeddedStore } from './embedded/open-embedded-store.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openServerStore } from './open-server-store.ts';
import type { Store } from './store.ts';
import { transact } from './transact.ts';

const ADD_ONE = { added_at: sql<number>`added_at + 1` };

const libraries = useLibraries();

/** The store of a library that was made and closed. */
async function openStore(kind: 'embedded' | 'server', home: string): Promise<Store> {
  await (await libraries.open(kind, { home, works: false })).close();
  if (kind === 'embedded') return openEmbeddedStore(join(libraries.libraryFolder(home), 'database'), 1);
  return openServerStore(libraries.databaseUrl(home) ?? '', 1);
}

describe.each(DATABASES)('the store on the %s database', (kind) => {
  test('takes a transaction back whole where something in it fails, and others wait for its end', async () => {
    await using store = await openStore(kind, `transaction-${kind}`);
    const { db } = store;
    const insert = (path: string) => ({ path, added_at: 2 ** 40 });
    await expect(
      db.transaction().execute(async (trx) => {
        await trx.insertInto('folders').values(insert('/a')).execute();
        await trx.insertInto('folders').values(insert('/a')).execute();
      }),
    ).rejects.toThrow(/duplicate|unique/i);
    expect(await db.selectFrom('folders').selectAll().execute()).toEqual([]);
    await Promise.all([
      db.transaction().execute(async (trx) => {
        await trx.insertInto('folders').values(insert('/b')).execute();
        await new Promise((done) => setTimeout(done, 20));
        await trx.updateTable('folders').set({ path: '/c' }).where('path', '=', '/b').execute();
      }),
      store.direct.query('insert into folders (path, added_at) values ($1, $2)', ['/d', 5]),
    ]);
    const rows = await db.selectFrom('folders').select(['path', 'added_at', 'is_online']).orderBy('path').execute();
    expect(rows).toEqual([
      { path: '/c', added_at: 2 ** 40, is_online: true },
      { path: '/d', added_at: 5, is_online: true },
    ]);
  });

  test('two transactions that wait for each other both come to their end', async () => {
    await using store = await openStore(kind, `deadlock-${kind}`);
    const { db } = store;
    await db
      .insertInto('folders')
      .values(['/a', '/b'].map((path) => ({ path, added_at: 0 })))
      .execute();
    const touch = (first: string, second: string) =>
      transact(db, async (trx) => {
        await trx.updateTable('folders').set(ADD_ONE).where('path', '=', first).execute();
        await new Promise((done) => setTimeout(done, 50));
        await trx.updateTable('folders').set(ADD_ONE).where('path', '=', second).execute();
      });
    await Promise.all([touch('/a', '/b'), touch('/b', '/a')]);
    const rows = await db.selectFrom('folders').select('added_at').execute();
    expect(rows).toEqual([{ added_at: 2 }, { added_at: 2 }]);
    let tries = 0;
    const failing = transact(db, async (trx) => {
      tries++;
      await sql`select nothing from nowhere`.execute(trx);
    });
    await expect(failing).rejects.toThrow(/nowhere/);
    expect(tries).toBe(1);
  });

  test('refuses a database of a newer Focal, and one that another program changed', async () => {
    await using store = await openStore(kind, `migrations-${kind}`);
    const { direct } = store;
    await migrate(direct, 2);
    await direct.query("insert into migrations (number, name, sha256, applied_at) values (99, 'later', '', 1)");
    await expect(migrate(direct, 2)).rejects.toThrow(/made by a newer Focal.*99, later/);
    await direct.query('delete from migrations where number = 99');
    await direct.script('alter table assets add column mine text');
    await expect(migrate(direct, 2)).rejects.toThrow(/changed by another program: with assets\.mine text/);
    await direct.script('alter table assets drop column mine; drop index assets_trashed');
    await expect(migrate(direct, 2)).rejects.toMatchObject({ code: 'unsupported-format' });
    await expect(migrate(direct, 2)).rejects.toThrow(/without index assets_trashed/);
  });

  test('changes nothing where a migration is interrupted, and does it whole the next time', async () => {
    await using store = await openStore(kind, `interrupted-${kind}`);
    const { direct } = store;
    const number = (migrations.at(-1)?.number ?? 0) + 1;
    const broken = [...migrations, { number, name: 'more', sql: 'create table more (id integer); select 1 / 0;' }];
    await expect(migrate(direct, 2, broken)).rejects.toThrow(/division by zero/);
    const tables = await direct.query("select to_regclass('focal.more') as made");
    expect(tables.rows[0]?.made).toBeNull();
    await migrate(direct, 2, [...migrations, { number, name: 'more', sql: 'create table more (id integer)' }]);
    const { rows } = await direct.query('select number from migrations order by number');
    expect(rows.map((row) => row.number)).toEqual([...migrations.map((each) => each.number), number]);
  });
});

describe('the embedded database', () => {
  test('tells the disk to keep it once a commit, and never for reading', async () => {
    await (await libraries.open('embedded', { home: 'synced', works: false })).close();
    await using store = await openEmbeddedStore(join(libraries.libraryFolder('synced'), 'database'), 1);
    const count = async (work: () => Promise<unknown>): Promise<number> => {
      const before = await store.syncs();
      await work();
      return (await store.syncs()) - before;
    };
    const insert = async (path: string): Promise<void> => {
      await store.db.insertInto('folders').values({ path, added_at: 1 }).execute();
    };
    const commits = 20;
    const forCommits = await count(async () => {
      for (let n = 0; n < commits; n++) await insert(`/commit-${n}`);
    });
    expect(forCommits).toBeGreaterThanOrEqual(commits);
    // A new piece of the log may begin among them.
    expect(forCommits).toBeLessThanOrEqual(commits + 3);
    expect(await count(() => store.db.selectFrom('folders').selectAll().execute())).toBe(0);
    const forOne = await count(() =>
      store.db.transaction().execute(async (trx) => {
        for (let n = 0; n < 10; n++)
          await trx
            .insertInto('folders')
            .values({ path: `/one-${n}`, added_at: 1 })
            .execute();
      }),
    );
    expect(forOne).toBeLessThanOrEqual(2);
    expect(forOne).toBeGreaterThanOrEqual(1);
  });

  test('is refused to a second one, with who holds it', async () => {
    await using library = await libraries.open('embedded', { home: 'held', works: false });
    await expect(libraries.open('embedded', { home: 'held' })).rejects.toMatchObject({ code: 'busy' });
    await expect(libraries.open('embedded', { home: 'held' })).rejects.toThrow(`process ${process.pid} `);
    await library.announce({ url: 'http://127.0.0.1:4600', token: 'secret' });
    const holder = await findHolder(join(libraries.libraryFolder('held'), 'library.lock'));
    expect(holder).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:4600', token: 'secret' });
    await expect(libraries.open('embedded', { home: 'held' })).rejects.toThrow('at http://127.0.0.1:4600');
  });

  test('says which folder cannot be opened', async () => {
    await (await libraries.open('embedded', { home: 'damaged', works: false })).close();
    const folder = join(libraries.libraryFolder('damaged'), 'database');
    await writeFile(join(folder, 'global', 'pg_control'), new Uint8Array(8192));
    await expect(openEmbeddedStore(folder, 1)).rejects.toMatchObject({ code: 'corrupt-input' });
  });
});

describe('the lock of a folder', () => {
  const path = (name: string): string => join(libraries.folder, `${name}.lock`);
  const successorOf = (name: string, text: string): string =>
    `${path(name)}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}.next`;

  test('goes to one of many that want it at once, also where ones that are gone have left it', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    const left = { host: hostname(), pid: child.pid, started: '', program: 'focal serve' };
    await writeFile(path('many'), JSON.stringify(left));
    await expect(lockFolder(path('many'))).rejects.toThrow(`process ${child.pid} (focal serve)`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Whether two get it depends on who reads in between whom.
    for (let round = 0; round < 60; round++) {
      const text = JSON.stringify({ ...left, id: String(round) });
      await writeFile(path('many'), text);
      // One that wanted to take it over, killed in the middle of it.
      if (round % 2 === 1) await writeFile(successorOf('many', text), JSON.stringify({ ...left, id: `next ${round}` }));
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(path('many'))));
      const won = tries.filter((each) => each.status === 'fulfilled');
      expect(won).toHaveLength(1);
      const lost = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(lost.every((reason) => reason instanceof LibraryHeldError)).toBe(true);
      won[0]?.value[Symbol.dispose]();
      // Nothing is left lying about.
      expect((await readdir(libraries.folder)).filter((name) => name.startsWith('many.lock'))).toEqual([]);
    }
  });

  test('is not taken from another machine, nor by a process that has the number of one that is gone', async () => {
    await writeFile(path('far'), JSON.stringify({ host: 'elsewhere', pid: 1, started: '', program: 'focal serve' }));
    await expect(lockFolder(path('far'))).rejects.toThrow('on elsewhere');
    const reborn = { host: hostname(), pid: process.pid, started: '1', program: 'focal serve' };
    await writeFile(path('reborn'), JSON.stringify(reborn));
    if (process.platform === 'linux') (await lockFolder(path('reborn')))[Symbol.dispose]();
    await writeFile(path('half'), '{"host":');
    (await lockFolder(path('half')))[Symbol.dispose]();
    expect(await findHolder(path('half'))).toBeUndefined();
  });
});

test('an address that is none is told as such', async () => {
  const error = await openServerStore('postgres://focal@127.0.0.1:1/none', 1).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(FocalError);
  expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('cannot be reached') });
});
