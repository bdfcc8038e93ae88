import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { openQueue } from '../../../infra/local/queue.ts';
import type { Message } from '../../../infra/local/queue.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SETTINGS = { batchSize: 10, maximumReceives: 3, retryMs: 5 };
const never = () => expect.unreachable('a message was given up');

describe('the local queue', () => {
  test('delivers what was sent, after its delay, and keeps nothing of it', async () => {
    const queue = openQueue(join(temporaryFolder(), 'queue'), SETTINGS, never);
    const seen: string[] = [];
    queue.send('late', 60);
    queue.send('now');
    queue.start(async (messages) => {
      seen.push(...messages.map(({ body }) => body));
      return [];
    });
    await vi.waitFor(() => expect(queue.size()).toBe(0));
    expect(seen).toEqual(['now', 'late']);
    await queue.stop();
  });

  test('survives a process that ends without closing it', async () => {
    const path = join(temporaryFolder(), 'queue');
    const killed = openQueue(path, SETTINGS, never);
    killed.send('a');
    killed.send('b');
    const queue = openQueue(path, SETTINGS, never);
    const seen: string[] = [];
    queue.start(async (messages) => {
      seen.push(...messages.map(({ body }) => body));
      return [];
    });
    await vi.waitFor(() => expect(queue.size()).toBe(0));
    await queue.stop();
    expect(seen.sort((a, b) => a.localeCompare(b))).toEqual(['a', 'b']);
    expect(openQueue(path, SETTINGS, never).size()).toBe(0);
  });

  test('brings back only the messages that failed', async () => {
    const queue = openQueue(join(temporaryFolder(), 'queue'), SETTINGS, never);
    const calls: string[][] = [];
    queue.send('good');
    queue.send('bad once');
    queue.start(async (messages) => {
      calls.push(messages.map(({ body }) => body));
      return calls.length === 1
        ? messages.filter(({ body }) => body.startsWith('bad')).map(({ id }) => id)
        : [];
    });
    await vi.waitFor(() => expect(queue.size()).toBe(0));
    expect(calls).toEqual([['good', 'bad once'], ['bad once']]);
    await queue.stop();
  });

  test('gives up after the last receive, counting those before a restart', async () => {
    const path = join(temporaryFolder(), 'queue');
    const given: Message[] = [];
    const first = openQueue(path, { ...SETTINGS, retryMs: 60_000 }, never);
    const failing = vi.fn<() => Promise<string[]>>(() => Promise.reject(new Error('down')));
    first.send('poison');
    first.start(failing);
    await vi.waitFor(() => expect(failing).toHaveBeenCalledTimes(1));
    await first.stop();
    const second = openQueue(path, SETTINGS, (message) => given.push(message));
    second.start(failing);
    await vi.waitFor(() =>
      expect(given.map(({ body, receives }) => [body, receives])).toEqual([['poison', 3]]),
    );
    expect(second.size()).toBe(0);
    await second.stop();
  });
});
