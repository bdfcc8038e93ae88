import { verifyChain } from '../permission/verify.ts';
import { DAY, plus } from '../platform/clock.ts';
import { judge } from './finding.ts';
import type { Finding } from './finding.ts';
import { readJws } from './jws.ts';
import { rootFromPath } from './merkle.ts';
import type { EvidencePack, PackProof } from './pack.ts';
import { nodeOfLeaf, rootStatement } from './root.ts';
import type { RootStatement } from './root.ts';

const PROBLEMS = {
  hash: 'has been changed',
  order: 'is missing or out of order',
  link: 'does not follow from the entry before',
  contact: 'is about somebody else',
  tail: 'is missing at the end',
} as const;
/** An entry that came in late joins a root at most so much later. */
const LATE = 2 * DAY;

/** Each entry is unchanged and follows from the one before (H2). */
export function checkChain({ entries, contactId }: EvidencePack): Finding {
  const verdict = verifyChain(entries);
  const foreign = entries.filter((entry) => entry.contactId !== contactId);
  const problems = [
    ...(verdict.ok ? [] : [`entry ${verdict.seq} ${PROBLEMS[verdict.problem]}`]),
    ...foreign.map(({ seq }) => `entry ${seq} ${PROBLEMS.contact}`),
  ];
  return judge(problems, `${entries.length} entries, each unchanged and linked to the one before`);
}

/** The chain ends where the contact, every proof and the issuer's statement say (H2: a dropped tail). */
export function checkHead({ entries, head, proofs }: EvidencePack): Finding {
  const last = entries.at(-1);
  const known = Math.max(head.seq, ...proofs.map(({ headSeq }) => headSeq));
  const seq = last?.seq ?? 0;
  const problems = [
    ...(known > seq ? [`entry ${seq + 1} ${PROBLEMS.tail}: there were ${known} when it was signed`] : []),
    ...(known <= seq && (head.seq !== seq || head.hash !== last?.hash)
      ? [`the contact's last entry is ${head.seq}, not ${seq}`]
      : []),
  ];
  return judge(problems, `the chain ends with entry ${seq}, as it should`);
}

/** Each entry stands in a signed root, unless it is younger than the newest. */
export function checkInclusion({ entries, proofs, roots }: EvidencePack): Finding {
  const statements = roots.flatMap((jws) => {
    const parsed = rootStatement.safeParse(readJws(jws)?.payload);
    return parsed.success ? [parsed.data] : [];
  });
  const newest = statements.at(-1)?.until;
  const problems = entries.flatMap((entry) => {
    const { seq, at } = entry;
    const proof = proofs.find((one) => one.seq === seq);
    if (proof)
      return leadsToRoot(entry, proof, statements) ? [] : [`entry ${seq} is not in root ${proof.root}`];
    const waits = newest === undefined || plus(at, LATE) > newest;
    return waits ? [] : [`entry ${seq} has no proof that it is in a root`];
  });
  const waiting = entries.filter(({ seq }) => !proofs.some((proof) => proof.seq === seq)).length;
  const detail = `${entries.length - waiting} entries are in a signed root, ${waiting} wait for the next`;
  return judge(problems, detail);
}

function leadsToRoot(
  { contactId, seq, hash }: { contactId: string; seq: number; hash: string },
  { root, headSeq, index, path }: PackProof,
  statements: readonly RootStatement[],
): boolean {
  const statement = statements.find((one) => one.seq === root);
  if (!statement) return false;
  const found = rootFromPath(nodeOfLeaf({ contactId, seq, hash, headSeq }), {
    index,
    size: statement.size,
    path,
  });
  return found === statement.root;
}
