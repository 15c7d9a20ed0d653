// A PostgreSQL server for the tests: a throw-away cluster on a free port, as a user without rights.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, say } from './workspace.mjs';

const LEAST_VERSION = 15;
const isRoot = process.getuid?.() === 0;

/**
 * Starts a cluster; undefined where there is no PostgreSQL to be had, with a word about it.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> } | undefined>}
 */
export async function startPostgres() {
  let programs = findPrograms();
  if (programs === undefined && isRoot && existsSync('/etc/debian_version')) {
    await installPostgres();
    programs = findPrograms();
  }
  if (programs === undefined) {
    say(`No PostgreSQL ${LEAST_VERSION} or newer was found: the library is tested on its embedded database only.`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'focal-postgres-'));
  const asUser = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
  /** @param {string[]} args */
  const start = (...args) => {
    const [command = '', ...rest] = [...asUser, ...args];
    return run(command, rest, { folder, quiet: true });
  };
  const data = join(folder, 'data');
  const port = await findFreePort();
  const options = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=60`;
  const steps = [
    ...(isRoot ? [['chown', 'postgres', folder]] : []),
    [join(programs, 'initdb'), '-D', data, '-U', 'focal', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    [join(programs, 'pg_ctl'), '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start'],
  ];
  for (const step of steps) {
    const { code, output } =
      step[0] === 'chown' ? await run('chown', step.slice(1), { quiet: true }) : await start(...step);
    if (code === 0) continue;
    say(
      `PostgreSQL could not be started, so the library is tested on its embedded database only:\n${output.trimEnd()}`,
    );
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    url: `postgres://focal@127.0.0.1:${port}/postgres`,
    async stop() {
      await start(join(/** @type {string} */ (programs), 'pg_ctl'), '-D', data, '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of a server's programs that is new enough. */
function findPrograms() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map(Number) : [];
  const folders = versions
    .filter((version) => version >= LEAST_VERSION)
    .sort((a, b) => b - a)
    .map((version) => join(debian, String(version), 'bin'));
  const others = ['/opt/homebrew/opt/postgresql@17/bin', '/usr/local/opt/postgresql@17/bin', '/usr/pgsql-17/bin'];
  return [...folders, ...others].find((each) => existsSync(join(each, 'initdb')) && existsSync(join(each, 'pg_ctl')));
}

async function installPostgres() {
  say('No PostgreSQL was found: installing it with apt-get …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], { env });
}

/** @returns {Promise<number>} */
function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
