import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests read sources through the `source` export condition; worker threads, command line and server run from dist,
// which `npm test` builds first. A process for each file: the inference library keeps its threads for the whole
// process, and what a test leaves behind shows.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'programs',
          include: [
            '{packages,apps}/*/src/**/*.test.{ts,tsx}',
            '{bench,testing}/src/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['apps/studio/**'],
        },
      },
      {
        extends: true,
        // A browser on a busy machine may lose a click or a frame. What fails is tried once more, and told as such.
        test: { name: 'studio', include: ['apps/studio/src/**/*.test.{ts,tsx}'], retry: 1 },
      },
    ],
    setupFiles: ['testing/src/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    pool: 'forks',
    // Some files load a model that takes 2 GB, so more processes than four gain little and may cost the machine.
    maxWorkers: Math.max(2, Math.min(4, availableParallelism())),
    // A test that cannot fail is no test. What is waited for is waited for long: machines are busy at times.
    expect: { requireAssertions: true, poll: { timeout: 30_000 } },
    passWithNoTests: false,
  },
});
