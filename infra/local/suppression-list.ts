import * as z from 'zod';

import type { Instant } from '../../shared/platform/clock.ts';
import { openJournal } from './journal.ts';

const REASONS = ['BOUNCE', 'COMPLAINT'] as const;
const suppressed = z.object({ address: z.string(), reason: z.enum(REASONS), at: z.string() });
type Suppressed = z.infer<typeof suppressed>;

/** `GET /v2/email/suppression/addresses` as the SDK sends it. */
const listQuery = z.object({
  reasons: z.array(z.enum(REASONS)),
  since: z.string().optional(),
  until: z.string().optional(),
  token: z
    .string()
    .regex(/^after-\d+$/)
    .optional(),
  size: z.coerce.number().int().min(1).max(1_000).default(100),
});
export type Listed = { status: number; body: object; type?: string };

/** The account's suppression list: one entry per address, its latest, until somebody removes it. */
export type SuppressionList = {
  add(address: string, reason: Suppressed['reason'], at: Instant): void;
  /** Answers a request as SES does. */
  list(query: URLSearchParams): Listed;
  close(): void;
};

export function openSuppressionList(path: string): SuppressionList {
  const entries = new Map<string, Suppressed>();
  const remember = (entry: Suppressed) => {
    // At the end, so that a page never goes past what comes later.
    entries.delete(entry.address);
    entries.set(entry.address, entry);
  };
  const journal = openJournal(path, (line) => remember(suppressed.parse(line)));
  return {
    add: (address, reason, at) => {
      const entry = { address: address.toLowerCase(), reason, at };
      journal.append(entry);
      remember(entry);
    },
    list: (query) => {
      const asked = listQuery.safeParse({
        reasons: query.getAll('Reason'),
        since: query.get('StartDate') ?? undefined,
        until: query.get('EndDate') ?? undefined,
        token: query.get('NextToken') ?? undefined,
        size: query.get('PageSize') ?? undefined,
      });
      if (!asked.success) {
        const type = query.has('NextToken') ? 'InvalidNextTokenException' : 'BadRequestException';
        return { status: 400, type, body: { message: z.prettifyError(asked.error) } };
      }
      return { status: 200, body: page([...entries.values()], asked.data) };
    },
    close: () => journal.close(),
  };
}

function page(
  entries: readonly Suppressed[],
  { reasons, since, until, token, size }: z.infer<typeof listQuery>,
) {
  const chosen = entries.filter(
    ({ reason, at }) =>
      (reasons.length === 0 || reasons.includes(reason)) &&
      (since === undefined || Date.parse(at) > Date.parse(since)) &&
      (until === undefined || Date.parse(at) < Date.parse(until)),
  );
  const from = Number(token?.slice('after-'.length) ?? 0);
  return {
    SuppressedDestinationSummaries: chosen.slice(from, from + size).map(({ address, reason, at }) => ({
      EmailAddress: address,
      Reason: reason,
      LastUpdateTime: Date.parse(at) / 1_000,
    })),
    ...(chosen.length > from + size ? { NextToken: `after-${from + size}` } : {}),
  };
}
