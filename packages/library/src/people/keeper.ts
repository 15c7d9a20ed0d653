import type { PeopleChange } from '@focal/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import { createTurns } from '../store/embedded/turns.ts';
import type { Tables } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { createCluster } from './cluster.ts';
import type { ActionAnswer, ClusterAction, ClusterAnswers, ClusterQuestion } from './cluster-protocol.ts';
import { dropEmptyPeople, keepChange, peopleOf } from './keep-change.ts';
import { loadPeople, readVersion } from './load-people.ts';

/** What the clustering is asked to do before anything is kept. */
export interface Steps {
  act(action: ClusterAction): Promise<readonly PeopleChange[]>;
  ask<Q extends ClusterQuestion>(question: Q): Promise<ClusterAnswers[Q['kind']]>;
}

/** How the results of steps are kept, all in one transaction; may run more than once. */
export interface Plan<T> {
  /** People whom the plan is about besides of those whom the clustering changed. */
  readonly people?: readonly number[];
  /** Before what the clustering changed is written. */
  readonly before?: (trx: Transaction<Tables>) => Promise<void>;
  /** After it. */
  readonly after: (trx: Transaction<Tables>, changes: readonly PeopleChange[]) => Promise<T>;
}

/**
 * Keeps clustering and database one: the database is what holds, the clustering is read from it when it is first needed,
 * and anew once another process changed it. Whatever fails in between leaves the database as it was.
 */
export interface Keeper {
  /** One after the other. Throws what the steps throw; then nothing has changed. */
  change<T>(plan: (steps: Steps) => Promise<Plan<T>>): Promise<T>;
  ask<Q extends ClusterQuestion>(question: Q): Promise<ClusterAnswers[Q['kind']]>;
  /** Reads what is known in the background, where that has not been done yet, and compares faces. */
  warm(): void;
  /**
   * Resolves when all faces have been compared, which takes long the first time, and lets others have their turn until
   * then: for what needs neighbours and can wait.
   */
  ready(): Promise<void>;
  /** Whether another process has changed who is who since we last did or looked. */
  isBehind(): Promise<boolean>;
  close(): Promise<void>;
}

/** Somebody else changed who is who at the same time. */
class OutdatedError extends Error {}

const MOST_TRIES = 8;
/** Questions whose answers are near faces. */
const ABOUT_NEIGHBOURS: ReadonlySet<ClusterQuestion['kind']> = new Set(['suggest', 'nearest']);

export function createKeeper(db: Kysely<Tables>, now: () => number): Keeper {
  const cluster = createCluster();
  const takeTurn = createTurns();
  let loaded: number | undefined;
  let isWarm = false;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const leave = await takeTurn();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  async function forget(): Promise<void> {
    loaded = undefined;
    await cluster.forget();
  }

  async function load(): Promise<number> {
    if (loaded !== undefined && loaded === (await readVersion(db))) return loaded;
    loaded = undefined;
    loaded = await loadPeople(db, cluster);
    return loaded;
  }

  async function tryOnce<T>(plan: (steps: Steps) => Promise<Plan<T>>): Promise<T> {
    const version = await load();
    const changes: PeopleChange[] = [];
    let next: ActionAnswer['next'] | undefined;
    let isTouched = false;
    try {
      const {
        people = [],
        before,
        after,
      } = await plan({
        async act(action) {
          const answer = await cluster.act(action);
          isTouched = true;
          changes.push(...answer.changes);
          next = answer.next;
          return answer.changes;
        },
        async ask(question) {
          const answer = await cluster.ask(question);
          if (question.kind === 'reserve') {
            isTouched = true;
            next = { person: (answer as number) + 1, look: next?.look ?? 0 };
          }
          return answer;
        },
      });
      const result = await transact(db, async (trx) => {
        const numbers = next ?? { person: 0, look: 0 };
        const { numAffectedRows } = await sql`update people_state set version = version + 1,
            next_person = greatest(next_person, ${numbers.person}::integer),
            next_look = greatest(next_look, ${numbers.look}::integer)
          where version = ${version}`.execute(trx);
        if (numAffectedRows !== 1n) throw new OutdatedError('Somebody else changed who is who.');
        await before?.(trx);
        for (const change of changes) await keepChange(trx, change, now());
        const kept = await after(trx, changes);
        await dropEmptyPeople(trx, [...new Set([...peopleOf(changes), ...people])]);
        return kept;
      });
      loaded = version + 1;
      return result;
    } catch (error) {
      // What the clustering has changed is not what the database holds.
      if (isTouched) await forget();
      throw error;
    }
  }

  async function ready(): Promise<void> {
    await inTurn(load);
    await cluster.link();
  }

  return {
    change: (plan) =>
      inTurn(async () => {
        for (let tries = 1; ; tries++) {
          try {
            return await tryOnce(plan);
          } catch (error) {
            if (!(error instanceof OutdatedError) || tries === MOST_TRIES) throw error;
            await forget();
          }
        }
      }),
    async ask(question) {
      if (ABOUT_NEIGHBOURS.has(question.kind)) await ready();
      return inTurn(async () => {
        await load();
        return cluster.ask(question);
      });
    },
    ready,
    warm() {
      if (isWarm) return;
      isWarm = true;
      // Whoever needs it reads it again, and is told of what goes wrong.
      ready().catch(() => {
        isWarm = false;
      });
    },
    isBehind: async () => loaded !== undefined && loaded !== (await readVersion(db)),
    close: () => cluster.close(),
  };
}
