import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

import { now } from '../../../shared/platform/clock.ts';
import { keys } from '../../../shared/platform/keys.ts';
import type { Database } from '../../../shared/platform/table.ts';
import { form } from '../../../shared/settings/form.ts';
import { limits } from '../../../shared/settings/limits.ts';
import type { Limits } from '../../../shared/settings/limits.ts';
import { readSetting, saveSetting } from '../../../shared/settings/store.ts';
import { mailItem } from '../../../shared/outbox/mail-item.ts';
import { pendingSignup } from '../../../shared/signup/pending.ts';
import type { FormLink, OutboxState } from './deps.ts';

const LOOKED_AT = 2_000;
const SAMPLE = 10;

const row = z.looseObject({ pk: z.string(), sk: z.string(), dueAt: z.string().optional() });

/** All forms of all brands. */
export async function readForms(db: Database): Promise<FormLink[]> {
  const { Items = [] } = await db.client.send(
    new ScanCommand({
      TableName: db.name('config'),
      FilterExpression: 'begins_with(pk, :form) AND sk = :current',
      ExpressionAttributeValues: {
        ':form': keys.setting('form', '').pk,
        ':current': keys.setting('form', '').sk,
      },
    }),
  );
  return z
    .array(z.object({ document: form.pick({ id: true, title: true }) }))
    .parse(Items)
    .map(({ document }) => document);
}

/** Counts what is in the outbox; of a very full one only a part. */
export async function readOutbox(db: Database): Promise<OutboxState> {
  const output = await db.client.send(
    new ScanCommand({
      TableName: db.name('outbox'),
      Limit: LOOKED_AT,
      FilterExpression: 'sk <> :limit',
      ExpressionAttributeValues: { ':limit': keys.formLimit('').sk },
    }),
  );
  const items = z.array(row).parse(output.Items ?? []);
  const counts: Record<string, number> = {};
  for (const item of items) {
    for (const state of statesOf(item)) {
      const name = `${item.sk.toLowerCase()} ${state}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  const due = items
    .filter(({ dueAt }) => dueAt !== undefined)
    .sort((a, b) => (a.dueAt ?? '').localeCompare(b.dueAt ?? ''));
  return {
    counts,
    oldestDue: due[0]?.dueAt,
    sample: due.slice(0, SAMPLE).map((item) => ({ key: item.pk, states: statesOf(item), dueAt: item.dueAt })),
    partial: output.LastEvaluatedKey !== undefined,
  };
}

function statesOf(item: z.infer<typeof row>): string[] {
  const mail = mailItem.safeParse(item);
  if (mail.success) return [mail.data.progress.state];
  const pending = pendingSignup.safeParse(item);
  if (!pending.success) return ['unknown'];
  const { requests, progress } = pending.data;
  const fresh = [...requests.keys()].filter((id) => !progress.has(id));
  const known = [...progress.values()].map((done) => (done.state === 'closed' ? done.as : done.state));
  return [...known, ...fresh.map(() => 'waiting')];
}

export async function readLimits(db: Database): Promise<Limits> {
  return (await readSetting(db, 'limits', 'default'))?.document ?? limits.parse({});
}

/** Changes some of the limits. Throws where a value is none. */
export async function changeLimits(db: Database, change: Partial<Limits>): Promise<Limits> {
  const present = await readSetting(db, 'limits', 'default');
  const next = limits.parse({ ...present?.document, ...change });
  await saveSetting(db, 'limits', 'default', next, {
    expected: present?.version ?? 0,
    actor: 'dev',
    at: now(),
  });
  return next;
}
