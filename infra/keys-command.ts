import { parseArgs } from 'node:util';

import * as z from 'zod';

import { now, nowMs, toInstant, toMs } from '../shared/platform/clock.ts';
import type { Database } from '../shared/platform/table.ts';
import { SCOPES } from '../shared/settings/api-key.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../shared/settings/api-key-store.ts';
import { demoBrand } from '../shared/settings/demo.ts';
import { PLACE_OPTIONS, toPlace } from './place.ts';
import type { Place } from './place.ts';

export const USAGE = `Usage: npm run keys -- create --name NAME [--scopes a,b|all] [--expires DATE] [--controller ID]
       npm run keys -- list [--controller ID]
       npm run keys -- revoke KEY-ID [--controller ID]
Where: --local (the default) [--data DIR], or --stage STAGE [--region REGION]
Scopes: ${SCOPES.join(', ')}; "all" is all but evidence:legal`;

const namedScope = z.enum(SCOPES, { error: ({ input }) => `there is no scope ${String(input)}` });
const wishes = z.discriminatedUnion(
  'command',
  [
    z.object({
      command: z.literal('create'),
      name: z.string().min(1).max(80),
      scopes: z
        .string()
        .transform((text) =>
          text === 'all' ? SCOPES.filter((one) => one !== 'evidence:legal') : text.split(','),
        )
        .pipe(z.array(namedScope)),
      expires: z
        .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'a date is needed: 2027-12-31' })
        .refine((end) => toMs(end) > nowMs(), { error: 'that is in the past' })
        .optional(),
    }),
    z.object({ command: z.literal('list') }),
    z.object({
      command: z.literal('revoke'),
      id: z.string().regex(/^ak_[0-9a-f]{12}$/, { error: 'a key id is needed: ak_ and 12 digits' }),
    }),
  ],
  { error: 'one of create, list, revoke is needed' },
);
export type KeysWish = z.infer<typeof wishes> & { controller: string };

/** What the command line asks for, and where. Throws with what is wrong. */
export function readKeysArguments(args: readonly string[]): { wish: KeysWish; place: Place } {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...PLACE_OPTIONS, name: text, scopes: text, expires: text, controller: text },
  });
  const { name, scopes = 'all', expires, controller = demoBrand.controller.id } = values;
  const [command, id, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`too many words: ${rest.join(' ')}`);
  const place = toPlace(values);
  return { wish: { ...wishes.parse({ command, id, name, scopes, expires }), controller }, place };
}

/** Makes, lists or ends API keys (W9); answers what to print. A new key is in it once and nowhere else. */
export async function runKeysCommand(db: Database, wish: KeysWish): Promise<string> {
  const { controller } = wish;
  switch (wish.command) {
    case 'create': {
      const { name, scopes, expires } = wish;
      const until = expires === undefined ? {} : { expiresAt: toInstant(toMs(expires)) };
      const { key, text } = await createApiKey(db, { controller, name, scopes, createdAt: now(), ...until });
      return `${text}\n\n${key.id} for ${controller}. This is the only time it is shown.`;
    }
    case 'list': {
      const keys = await listApiKeys(db, controller);
      const lines = keys.map(({ id, name, scopes, revokedAt, expiresAt, lastUsedOn }) => {
        const ends = revokedAt ? `revoked ${revokedAt}` : expiresAt ? `until ${expiresAt}` : 'no end';
        return [id, name, ends, `used ${lastUsedOn ?? 'never'}`, scopes.join(',')].join('  ');
      });
      return lines.join('\n') || `${controller} has no keys.`;
    }
    case 'revoke': {
      const revoked = await revokeApiKey(db, { controller, id: wish.id, at: now() });
      return revoked ? `${wish.id} ends within a minute.` : `${wish.id} had ended before.`;
    }
  }
}
