import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { openJournal } from '../../../infra/local/journal.ts';
import { openMailbox } from '../../../infra/local/mailbox.ts';
import type { Mail } from '../../../infra/local/mailbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

function entriesOf(path: string): unknown[] {
  const entries: unknown[] = [];
  openJournal(path, (entry) => entries.push(entry)).close();
  return entries;
}

describe('the journal', () => {
  test('gives back what was appended, by position and after opening again', () => {
    const path = join(temporaryFolder(), 'journal');
    const journal = openJournal(path, () => undefined);
    const first = journal.append({ text: 'Grüße' });
    const second = journal.append({ n: 2 });
    expect(journal.read(second)).toEqual({ n: 2 });
    expect(journal.read(first)).toEqual({ text: 'Grüße' });
    journal.close();
    expect(entriesOf(path)).toEqual([{ text: 'Grüße' }, { n: 2 }]);
  });

  test('drops a last line that was cut off and goes on behind the one before', () => {
    const path = join(temporaryFolder(), 'journal');
    openJournal(path, () => undefined).append({ n: 1 });
    appendFileSync(path, '{"n":2');
    const journal = openJournal(path, () => undefined);
    const position = journal.append({ n: 3 });
    expect(journal.read(position)).toEqual({ n: 3 });
    expect(entriesOf(path)).toEqual([{ n: 1 }, { n: 3 }]);
  });

  test('reads lines longer than its buffer', () => {
    const path = join(temporaryFolder(), 'journal');
    const long = 'ü'.repeat(800_000);
    const journal = openJournal(path, () => undefined);
    for (let n = 0; n < 3; n += 1) journal.append({ n, long });
    expect(entriesOf(path)).toEqual([0, 1, 2].map((n) => ({ n, long })));
  });
});

describe('the mailbox', () => {
  const mail = (messageId: string): Mail => ({
    messageId,
    at: '2026-11-22T08:00:00.000Z',
    from: 'news@nordlicht.example',
    to: 'anna@example.org',
    subject: `Mail ${messageId}`,
    html: '<p>Hi</p>',
    text: 'Hi',
    headers: { 'List-Unsubscribe': '<https://example.org>' },
    tags: { purpose: 'welcome' },
    configurationSet: 'assent-service',
  });

  test('keeps mails over a restart and numbers them from 1', () => {
    const path = join(temporaryFolder(), 'mailbox');
    const first = openMailbox(path);
    first.add(mail('a'));
    first.add(mail('b'));
    first.close();
    const again = openMailbox(path);
    expect(again.list().map(({ number, subject }) => [number, subject])).toEqual([
      [1, 'Mail a'],
      [2, 'Mail b'],
    ]);
    expect(again.read(2)).toEqual(mail('b'));
    expect(again.byMessageId('a')).toEqual(mail('a'));
    expect(again.read(3)).toBeUndefined();
  });

  test('is empty after clearing, also on disk', () => {
    const path = join(temporaryFolder(), 'mailbox');
    const box = openMailbox(path);
    box.add(mail('a'));
    box.clear();
    box.add(mail('b'));
    expect(box.list()).toHaveLength(1);
    box.close();
    expect(openMailbox(path).read(1)).toEqual(mail('b'));
  });
});
