import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/deployed/**'],
    environment: 'node',
    globalSetup: 'tests/support/global-setup.ts',
    // A process per file: clock offset, environment and the engine's children stay with the file that made them.
    pool: 'forks',
    maxWorkers: 2,
    // Browsers and concurrent transactions on two busy cores are slow, not wrong.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Log lines of tests that pass say nothing.
    silent: 'passed-only',
    env: {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
      ASSENT_BASE_URL: 'http://127.0.0.1:8787',
    },
  },
});
