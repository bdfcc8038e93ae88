import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

import { startEngine } from '../../infra/local/engine.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX } from '../../infra/local/environment.ts';
import { prefixedName } from '../../infra/local/tables.ts';
import { contact } from '../../shared/contacts/contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { mailItem } from '../../shared/outbox/mail-item.ts';
import type { MailItem } from '../../shared/outbox/mail-item.ts';
import { evidenceEntry } from '../../shared/permission/evidence.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import type { TableName } from '../../shared/platform/keys.ts';
import { pendingSignup } from '../../shared/signup/pending.ts';
import type { PendingSignup } from '../../shared/signup/pending.ts';

/** Everything that the database holds once the system is down. */
export type Stored = {
  contacts: Contact[];
  /** By contact, in order. */
  chains: Map<string, EvidenceEntry[]>;
  pending: PendingSignup[];
  mails: Map<string, MailItem>;
  /** Contact ids that an address points to. */
  pointers: Set<string>;
};

const keyed = z.looseObject({ pk: z.string(), sk: z.string() });
const pointer = z.object({ contactId: z.string() });

/** Opens the database file with an engine of its own and reads all of it. */
export async function readStored(databaseFile: string): Promise<Stored> {
  const engine = await startEngine({ file: databaseFile });
  const client = new DynamoDBClient({ endpoint: engine.endpoint, region: REGION, credentials: CREDENTIALS });
  const documents = DynamoDBDocumentClient.from(client);
  const scan = (table: TableName) => scanAll(documents, prefixedName(TABLE_PREFIX, table));
  try {
    const [contacts, ledger, outbox] = [await scan('contacts'), await scan('ledger'), await scan('outbox')];
    const entries = ledger.map((item) => evidenceEntry.parse(item)).sort((a, b) => a.seq - b.seq);
    const mails = outbox.filter(({ sk }) => sk === 'MAIL').map((item) => mailItem.parse(item));
    return {
      contacts: contacts.filter(({ sk }) => sk === 'CONTACT').map((item) => contact.parse(item)),
      chains: Map.groupBy(entries, ({ contactId }) => contactId),
      pending: outbox.filter(({ sk }) => sk === 'SIGNUP').map((item) => pendingSignup.parse(item)),
      mails: new Map(mails.map((mail) => [mail.id, mail])),
      pointers: new Set(
        contacts
          .filter(({ sk }) => sk === 'ADDRESS')
          .flatMap((item) => pointer.safeParse(item).data?.contactId ?? []),
      ),
    };
  } finally {
    client.destroy();
    await engine.stop();
  }
}

async function scanAll(client: DynamoDBDocumentClient, table: string): Promise<z.infer<typeof keyed>[]> {
  const found: z.infer<typeof keyed>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    found.push(...z.array(keyed).parse(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return found;
}
