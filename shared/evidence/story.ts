import * as z from 'zod';

import { evidenceEntry } from '../permission/evidence.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import { restrictionOf, statusOf } from '../permission/status.ts';
import type { Status } from '../permission/status.ts';
import type { Contact } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import type { Language } from '../settings/language.ts';
import { CHANNELS } from '../settings/uses.ts';
import type { Channel } from '../settings/uses.ts';
import type { EvidencePack, PackMail } from './pack.ts';

const sender = z.object({ ip: z.string().optional(), userAgent: z.string().optional() });
export const told = sender.extend({
  address: z.string().optional(),
  page: z.string().optional(),
  fields: z.record(z.string(), z.string()).optional(),
  signup: sender.optional(),
  smtpResponse: z.string().optional(),
  notes: z.record(z.string(), z.string()).optional(),
});
/** The personal data of an act, as far as it can be read. */
export type Told = z.infer<typeof told>;

/** One act about one use, with all that is known of it. */
export type Act = {
  entry: EvidenceEntry;
  /** What it did to the use; absent where it was about every use alike. */
  change: Change | undefined;
  told: Told;
  wording: string | undefined;
  /** What its words are written in. */
  language: Language | undefined;
  mail: PackMail | undefined;
  deliveredAt: Instant | undefined;
  grade: EvidencePack['grades'][number] | undefined;
};
export type Story = {
  acts: Act[];
  uses: { at: Instant; channel: Channel; mailing: string | undefined }[];
  status: Status;
  restrictedSince: Instant | undefined;
};

const OF_EVERY_USE: ReadonlySet<EvidenceEntry['type']> = new Set<EvidenceEntry['type']>([
  'restricted',
  'unrestricted',
]);

const message = z.object({
  at: z.string(),
  channel: z.enum(CHANNELS),
  brand: z.string(),
  use: z.string(),
  mailing: z.string().optional(),
});

/** What happened about one use of one brand, in order: from a pack, for a person to read. */
export function tellStory(
  pack: EvidencePack,
  about: { brand: string; use: string; resting: 'unclear' | 'open' },
  contact: Contact | undefined,
): Story {
  const entries = pack.entries.map((entry) => evidenceEntry.parse(entry));
  const acts = entries.flatMap((entry): Act[] => {
    const change = entry.changes.find(({ brand, use }) => brand === about.brand && use === about.use);
    if (!change && !entry.noAdvertising && !OF_EVERY_USE.has(entry.type)) return [];
    const report = entries.find(
      ({ delivery }) => delivery !== undefined && delivery.requestId === entry.signup?.requestId,
    );
    return [
      {
        entry,
        change,
        told: told.parse(pack.payloads[entry.seq] ?? {}),
        wording: change?.wording === undefined ? undefined : pack.wordings[change.wording],
        language: languageOf(entries, entry, change),
        mail: pack.mails.find(({ seq }) => seq === entry.seq),
        deliveredAt: entry.mail?.deliveredAt ?? report?.delivery?.deliveredAt,
        grade: pack.grades.find(({ seq, use }) => seq === entry.seq && use === about.use),
      },
    ];
  });
  const uses = pack.uses
    .map((use) => message.parse(use))
    .filter(({ brand, use }) => brand === about.brand && use === about.use)
    .map(({ at, channel, mailing }) => ({ at, channel, mailing }));
  const { brand, use, resting } = about;
  return {
    acts,
    uses,
    status: statusOf(contact, brand, use, resting),
    restrictedSince: restrictionOf(contact, brand, use)?.since,
  };
}

/** That of the form; a withdrawal repeats the words of the grant that it ends. */
function languageOf(
  entries: readonly EvidenceEntry[],
  entry: EvidenceEntry,
  change: Change | undefined,
): Language | undefined {
  const grant = entries.find(
    ({ signup, changes }) => signup && changes.some(({ wording }) => wording === change?.wording),
  );
  return (entry.signup ?? grant?.signup)?.language;
}
