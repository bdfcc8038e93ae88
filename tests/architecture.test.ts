import { describe, expect, test } from 'vitest';

import { FOLDERS, cycles, parseSource, reach, readSources } from './support/sources.ts';
import type { Import, Source } from './support/sources.ts';

/** Each context may import those before it and itself, nothing later. */
const ORDER =
  'platform settings contacts permission frequency decision signup preferences outbox evidence engagement scoring leads sync export retention jobs';
const CONTEXTS = ORDER.split(' ');
const SES = 'shared/platform/ses.ts';
/** Who reads whole tables, in which function. */
const SCANNING: Record<string, string> = { 'shared/jobs/advance-job.ts': 'functions/jobs.ts' };
const MAILING_FUNCTIONS = ['functions/mail.ts', 'functions/nightly.ts'];

type Files = Record<string, string>;
type Rule = {
  rule: string;
  /** What is wrong, each as `path: reason`. */
  check: (sources: Source[]) => string[];
  /** Files that must be reported, and files that must not. */
  bad: Files;
  good: Files;
};

const folderOf = (path: string) => path.split('/')[0] ?? '';
const within =
  (...folders: string[]) =>
  ({ path }: { path: string }) =>
    folders.some((folder) => path.startsWith(folder));
const isLocal = ({ target }: Import) => FOLDERS.includes(folderOf(target)) && target.includes('/');

/** Reports each import in `sources` for which `reason` has something to say. */
function eachImport(reason: (source: Source, found: Import) => string | false | undefined) {
  return (sources: Source[]) =>
    sources.flatMap((source) =>
      source.imports.flatMap((found) => {
        const why = reason(source, found);
        return why ? [`${source.path}: ${why}`] : [];
      }),
    );
}

/** Reports what `pattern` finds in the code (comments left out) of files that `scope` selects. */
function forbidden(pattern: RegExp, why: string, scope: (source: Source) => boolean) {
  return (sources: Source[]) =>
    sources
      .filter(scope)
      .flatMap(({ path, code }) => (code.match(pattern) ?? []).map((found) => `${path}: ${found} – ${why}`));
}

function reachesNot(isWrong: (entry: string, reached: string) => boolean) {
  return (sources: Source[]) =>
    sources
      .filter(within('functions/'))
      .flatMap((entry) =>
        [...reach(entry, sources)]
          .filter(([reached]) => isWrong(entry.path, reached))
          .map(([, way]) => `${entry.path}: must not reach ${way.join(' → ')}`),
      );
}

const rank = (path: string) => CONTEXTS.indexOf(path.split('/')[1] ?? '');
const LAYERS: Record<string, string[]> = {
  functions: ['web', 'shared'],
  web: ['web', 'shared'],
  shared: ['shared'],
};
const PRODUCT = within('functions/', 'web/', 'shared/');

const RULES: Rule[] = [
  {
    rule: 'functions import web and shared, web imports shared, shared imports nothing above it',
    check: eachImport(({ path }, found) => {
      const allowed = LAYERS[folderOf(path)];
      return (
        allowed &&
        isLocal(found) &&
        !allowed.includes(folderOf(found.target)) &&
        `must not import ${found.target}`
      );
    }),
    bad: {
      'shared/signup/a.ts': "import { b } from '../../web/b.ts';",
      'web/c.ts': "import type { D } from '../functions/d.ts';",
      'functions/e.ts': "import { f } from './f.ts';",
    },
    good: {
      'functions/g.ts': "import { h } from '../web/h.ts';",
      'infra/i.ts': "import { j } from '../shared/platform/j.ts';",
    },
  },
  {
    rule: 'every folder of shared is a known context and imports only itself and earlier ones',
    check: (sources) => [
      ...sources
        .filter(within('shared/'))
        .filter(({ path }) => rank(path) < 0)
        .map(({ path }) => `${path}: is in no known context`),
      ...eachImport(({ path }, { target }) => {
        const upward =
          path.startsWith('shared/') && target.startsWith('shared/') && rank(target) > rank(path);
        return upward && `must not import the later context ${target}`;
      })(sources),
    ],
    bad: {
      'shared/platform/a.ts': "import type { B } from '../settings/b.ts';",
      'shared/signup/c.ts': "export { d } from '../outbox/d.ts';",
      'shared/misc/e.ts': '',
      'shared/f.ts': '',
    },
    good: { 'shared/outbox/g.ts': "import { h } from '../signup/h.ts';" },
  },
  {
    rule: 'no import cycles',
    check: cycles,
    bad: { 'shared/signup/a.ts': "import { b } from './b.ts';" },
    good: {
      'shared/signup/b.ts': "import { c } from './c.ts';",
      'shared/signup/c.ts': "import { a } from './a.ts';",
    },
  },
  {
    rule: 'the AWS SDK stays in shared/platform and store.ts files',
    check: eachImport(
      ({ path }, { target }) =>
        PRODUCT({ path }) &&
        /^@(aws-sdk|smithy)\//.test(target) &&
        !path.startsWith('shared/platform/') &&
        !path.endsWith('/store.ts') &&
        `must not import ${target}`,
    ),
    bad: { 'shared/signup/request.ts': "import { PutCommand } from '@aws-sdk/lib-dynamodb';" },
    good: {
      'shared/signup/store.ts': "import { PutCommand } from '@aws-sdk/lib-dynamodb';",
      'infra/local/engine.ts': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
    },
  },
  {
    rule: 'the SES client is imported by platform/ses.ts only, and that by those who send',
    check: eachImport(({ path }, { target, erased }) => {
      if (!PRODUCT({ path })) return false;
      if (target === '@aws-sdk/client-sesv2') return path !== SES && 'must not import the SES client';
      const sends = MAILING_FUNCTIONS.includes(path) || path.startsWith('shared/outbox/send');
      return target === SES && !erased && !sends && `must not import ${SES}`;
    }),
    bad: {
      'shared/platform/mail.ts': "import { SESv2Client } from '@aws-sdk/client-sesv2';",
      'shared/signup/request.ts': "import { openSes } from '../platform/ses.ts';",
      'functions/signup.ts': "import { openSes } from '../shared/platform/ses.ts';",
    },
    good: {
      [SES]: "import { SESv2Client } from '@aws-sdk/client-sesv2';",
      'functions/mail.ts': "import { openSes } from '../shared/platform/ses.ts';",
      'shared/outbox/deliver-mail.ts': "import type { Ses } from '../platform/ses.ts';",
    },
  },
  {
    rule: 'no function but mail and nightly can reach the SES client',
    check: reachesNot((entry, reached) => reached === SES && !MAILING_FUNCTIONS.includes(entry)),
    bad: { 'functions/signup.ts': "import { send } from '../shared/outbox/send.ts';" },
    good: {
      'shared/outbox/send.ts': "import { openSes } from '../platform/ses.ts';",
      'functions/mail.ts': "import { send } from '../shared/outbox/send.ts';",
      'functions/clock.ts': "import type { Sent } from '../shared/outbox/send.ts';",
    },
  },
  {
    rule: 'tables are scanned by jobs alone',
    check: (sources) => [
      ...forbidden(
        /\b(scanPage|ScanCommand)\b/g,
        'whole tables are for jobs',
        (source) =>
          PRODUCT(source) &&
          !['shared/platform/read-many.ts', ...Object.keys(SCANNING)].includes(source.path),
      )(sources),
      ...reachesNot((entry, reached) => (SCANNING[reached] ?? entry) !== entry)(sources),
    ],
    bad: {
      'shared/signup/store.ts': "import { ScanCommand } from '@aws-sdk/lib-dynamodb';",
      'functions/api.ts': "import { advanceJob } from '../shared/jobs/advance-job.ts';",
    },
    good: {
      'shared/jobs/advance-job.ts': "import { scanPage } from '../platform/read-many.ts';",
      'functions/jobs.ts': "import { advanceJob } from '../shared/jobs/advance-job.ts';",
    },
  },
  {
    rule: 'nothing of infra or tests can get into a bundle',
    check: reachesNot((_, reached) => /^(infra|tests)\//.test(reached)),
    bad: { 'functions/signup.ts': "import { form } from '../web/form.tsx';" },
    good: { 'web/form.tsx': "import { dev } from '../infra/local/dev.tsx';" },
  },
  {
    rule: 'hono is for web, functions and the local system',
    check: (sources) => [
      ...eachImport(
        ({ path }, { target }) =>
          /^(@?hono)(\/|$)/.test(target) &&
          !within('web/', 'functions/', 'infra/local/', 'tests/')({ path }) &&
          `must not import ${target}`,
      )(sources),
      ...sources
        .filter(({ path }) => /^shared\/.*\.tsx$/.test(path))
        .map(({ path }) => `${path}: pages belong to web`),
    ],
    bad: { 'shared/signup/a.ts': "import { Hono } from 'hono';", 'shared/signup/b.tsx': '' },
    good: {
      'web/c.tsx': "import { html } from 'hono/html';",
      'infra/local/d.ts': "import { serve } from '@hono/node-server';",
    },
  },
  {
    rule: 'process.env is read in platform/config.ts only',
    check: forbidden(
      /\bprocess\.env\b|\bimport\.meta\.env\b/g,
      'ask platform/config.ts',
      (source) => PRODUCT(source) && source.path !== 'shared/platform/config.ts',
    ),
    bad: { 'web/a.ts': 'const stage = process.env.STAGE;' },
    good: {
      'shared/platform/config.ts': 'parse(process.env)',
      'infra/b.ts': 'process.env.CI',
      'web/c.ts': '// process.env',
    },
  },
  {
    rule: 'time comes from platform/clock.ts',
    check: forbidden(
      /\bDate\.now\b|\bnew Date\b(?!\.)|\bTemporal\.Now\b/g,
      'ask platform/clock.ts',
      (source) =>
        PRODUCT(source) &&
        !['shared/platform/clock.ts', 'web/texts/format.ts', 'web/assets/embed.js'].includes(source.path),
    ),
    bad: { 'shared/signup/a.ts': 'const at = Date.now();', 'shared/signup/b.ts': 'const at = new Date(ms);' },
    good: { 'shared/platform/clock.ts': 'new Date(ms)', 'tests/c.test.ts': 'new Date()' },
  },
  {
    rule: 'the texts may format an instant, never ask for the present',
    check: forbidden(
      /\bDate\.now\b|\bnew Date\(\)/g,
      'time is an argument',
      ({ path }) => path === 'web/texts/format.ts',
    ),
    bad: { 'web/texts/format.ts': 'new Date()' },
    good: {},
  },
  {
    rule: 'chance comes from platform/ids.ts',
    check: forbidden(
      /\bMath\.random\b|\brandom(UUID|Bytes|Int|FillSync)\b|\bgetRandomValues\b/g,
      'ask platform/ids.ts',
      // The client runs in browsers too, where there is no node:crypto.
      (source) => PRODUCT(source) && !['shared/platform/ids.ts', 'web/api/client.ts'].includes(source.path),
    ),
    bad: {
      'shared/signup/a.ts': "import { randomUUID } from 'node:crypto';",
      'shared/platform/b.ts': 'Math.random()',
    },
    good: { 'shared/platform/ids.ts': 'randomBytes(16)', 'infra/c.ts': 'randomBytes(32)' },
  },
  {
    rule: "zod is imported as `import * as z from 'zod'`",
    check: eachImport(
      (_, { clause, target }) =>
        /^zod(\/|$)/.test(target) &&
        (clause !== '* as z' || target !== 'zod') &&
        `imports ${clause} from ${target}, which drags in 360 KiB of locales`,
    ),
    bad: { 'web/a.ts': "import { z } from 'zod';", 'shared/signup/b.ts': "import * as z from 'zod/v4';" },
    good: { 'web/c.ts': "import * as z from 'zod';", 'web/d.ts': "import type * as z from 'zod';" },
  },
  {
    rule: 'no file is longer than 300 lines, no function file longer than 40',
    check: (sources) =>
      sources.flatMap(({ path, lines }) => {
        const most = path.startsWith('functions/') ? 40 : path.startsWith('tests/') ? Infinity : 300;
        return lines > most ? [`${path}: ${lines} lines, at most ${most}`] : [];
      }),
    bad: { 'web/a.ts': '\n'.repeat(300) + 'a', 'functions/b.ts': '\n'.repeat(40) + 'b' },
    good: { 'web/c.ts': '\n'.repeat(299) + 'c', 'functions/d.ts': '\n'.repeat(39) + 'd\n' },
  },
  {
    rule: 'no utils, no helpers, no barrels',
    check: (sources) =>
      sources.flatMap(({ path, code }) => {
        if (/(^|\/|-)(utils?|helpers?|common|misc)(\/|\.)/.test(path))
          return [`${path}: say what it is about`];
        if (/(^|\/)index\.tsx?$/.test(path) || /\bexport\s+\*/.test(code))
          return [`${path}: import from the file itself`];
        return [];
      }),
    bad: {
      'web/utils/a.ts': '',
      'shared/signup/helpers.ts': '',
      'shared/signup/index.ts': '',
      'web/b.ts': "export * from './c.ts';",
    },
    good: { 'web/problem.ts': 'export const a = 1;' },
  },
  {
    rule: 'tests replace no module and leave none out',
    check: forbidden(
      /\bvi\.(do)?[mM]ock\b|\b(describe|test|it)\b.*\.(skip|only|todo|fails|skipIf|runIf)\b/g,
      'see ARCHITECTURE 6',
      within('tests/'),
    ),
    bad: {
      'tests/a.test.ts': "vi.mock('./a.ts')",
      'tests/b.test.ts': "test.skip('b')",
      'tests/c.test.ts': "describe.each([]).only('c')",
    },
    good: { 'tests/d.test.ts': "test.each([1])('d')" },
  },
];

describe('the source keeps to its architecture', () => {
  const sources = readSources();
  test.each(RULES)('$rule', ({ check }) => expect(check(sources)).toEqual([]));
});

describe('each rule can fail', () => {
  test.each(RULES)('$rule', ({ check, bad, good }) => {
    const samples = Object.entries({ ...bad, ...good }).map(([path, text]) => parseSource(path, text));
    const reported = new Set(check(samples).map((line) => line.split(': ')[0]));
    expect(reported).toEqual(new Set(Object.keys(bad)));
  });
});
