import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { HOUR, MINUTE, SECOND, now, nowMs, plus } from '../../shared/platform/clock.ts';
import { formSlot } from '../../shared/outbox/form-brake.ts';
import { limits as limitsSchema } from '../../shared/settings/limits.ts';
import { advanceClock, captureLog, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
await system.set('limits', 'default', { formMailsPerMinute: 30, formBurst: 5, signupsPerIpPerHour: 1_000 });

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = captureLog();
});
afterEach(() => vi.restoreAllMocks());
afterAll(resetClock);

const alarms = () => lines.filter(({ event, level }) => event === 'form-under-attack' && level === 'warn');
const limits = limitsSchema.parse({ formMailsPerMinute: 60, formBurst: 10 });

describe('the brake of a form (T7)', () => {
  test('a burst goes at once, the rest at the rate set, whoever comes first', async () => {
    const at = now();
    const slots = await Promise.all(
      Array.from({ length: 40 }, () => formSlot(system.deps.db, 'burst', at, limits)),
    );
    const waits = slots.map((slot) => (Date.parse(slot) - Date.parse(at)) / SECOND).sort((a, b) => a - b);
    expect(waits).toEqual([
      ...Array<number>(11).fill(0),
      ...Array.from({ length: 29 }, (_, index) => index + 1),
    ]);
  });

  test('a quiet form is never slowed down, and rests fill the burst again', async () => {
    const start = now();
    for (let mail = 0; mail < 30; mail += 1) {
      const at = plus(start, mail * SECOND);
      expect(await formSlot(system.deps.db, 'quiet', at, limits)).toBe(at);
    }
    for (let mail = 0; mail < 15; mail += 1) await formSlot(system.deps.db, 'rested', start, limits);
    const later = plus(start, MINUTE);
    expect(await formSlot(system.deps.db, 'rested', later, limits)).toBe(later);
    expect(alarms()).toHaveLength(1);
  });

  test('forms do not slow each other down', async () => {
    const at = now();
    for (let mail = 0; mail < 20; mail += 1) await formSlot(system.deps.db, 'attacked', at, limits);
    expect(await formSlot(system.deps.db, 'honest', at, limits)).toBe(at);
  });

  test('raises one alarm an hour, with the figures and nothing about anybody', async () => {
    const at = now();
    for (let mail = 0; mail < 20; mail += 1) await formSlot(system.deps.db, 'alarm', at, limits);
    expect(alarms()).toHaveLength(1);
    expect(alarms()[0]).toMatchObject({ form: 'alarm', waitMs: 1_000, burst: 10, mailsPerMinute: 60 });
    expect(lines.find(({ event, _aws }) => event === 'form-under-attack' && _aws)).toBeDefined();
    for (let mail = 0; mail < 20; mail += 1) {
      await formSlot(system.deps.db, 'alarm', plus(at, HOUR - 1), { ...limits, formBurst: 1 });
    }
    expect(alarms()).toHaveLength(1);
    await formSlot(system.deps.db, 'alarm', plus(at, HOUR), { ...limits, formBurst: 1 });
    expect(alarms()).toHaveLength(2);
  });
});

test('T7 an attack on a form: every honest sign-up gets its mail, spread at the rate set', async () => {
  const emails = Array.from({ length: 25 }, (_, index) => `person-${index}@example.com`);
  for (const email of emails) await system.signUp(email);
  await system.work();
  expect(system.sent).toHaveLength(6);
  const perMinute: number[] = [];
  const until = nowMs() + 3 * MINUTE;
  while (nowMs() < until && system.sent.length < emails.length) {
    const before = system.sent.length;
    await system.pass(10 * SECOND);
    perMinute.push(system.sent.length - before);
  }
  expect(new Set(system.sent.map(({ to }) => to))).toEqual(new Set(emails));
  expect(system.sent).toHaveLength(emails.length);
  // 30 a minute are five in ten seconds; one more may stand at the edge.
  expect(Math.max(...perMinute)).toBeLessThanOrEqual(6);
  advanceClock(HOUR);
  await system.pass(0);
  expect(system.sent).toHaveLength(emails.length);
});
