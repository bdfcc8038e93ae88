import { canonical } from '../permission/evidence.ts';
import type { PublicJwk } from '../platform/jwk.ts';
import { sha256 } from '../platform/ids.ts';
import { judge } from './finding.ts';
import type { Finding } from './finding.ts';
import { readJws, verifyJws } from './jws.ts';
import { PACK_TYP, packStatement } from './pack.ts';
import type { EvidencePack } from './pack.ts';
import { ROOT_TYP, ROOTS_START, rootHash, rootStatement } from './root.ts';

/** The roots follow each other without a gap, each naming the one before. */
export function checkRoots({ roots }: EvidencePack): Finding {
  const read = roots.map((jws) => {
    const text = readJws(jws)?.text ?? '';
    return { text, statement: rootStatement.safeParse(readJws(jws)?.payload).data };
  });
  const problems = read.flatMap(({ statement }, at) => {
    if (!statement) return [`root number ${at + 1} of the pack is unreadable`];
    const before = read[at - 1];
    const isFirst = statement.seq === 1 && statement.prevRoot !== ROOTS_START;
    const isGap = before && statement.seq !== (before.statement?.seq ?? 0) + 1;
    const isCut = before && statement.prevRoot !== rootHash(before.text);
    const goesBack = before?.statement && statement.until < before.statement.until;
    return isFirst || isGap || isCut || goesBack
      ? [`root ${statement.seq} does not follow from the root before`]
      : [];
  });
  return judge(problems, `${roots.length} roots, each naming the one before`);
}

/** Every root and the statement are signed by a key of the pack. */
export function checkSignatures({ roots, statement, jwks: { keys } }: EvidencePack): Finding {
  const problems = roots.flatMap((jws) => {
    const verdict = verifyJws(jws, { typ: ROOT_TYP, schema: rootStatement, keys });
    const seq = rootStatement.safeParse(readJws(jws)?.payload).data?.seq ?? '?';
    return verdict.ok ? [] : [`root ${seq}: ${verdict.problem}`];
  });
  const issued = verifyJws(statement, { typ: PACK_TYP, schema: packStatement, keys });
  return judge(
    [...problems, ...(issued.ok ? [] : [`the issuer's statement: ${issued.problem}`])],
    `${roots.length + 1} signatures hold`,
  );
}

/** The keys are the issuer's, as known from another source. */
export function checkKeys({ roots, statement }: EvidencePack, trusted?: readonly PublicJwk[]): Finding {
  const used = [...new Set([...roots, statement].map((jws) => readJws(jws)?.kid ?? '?'))];
  if (!trusted) {
    const detail = `compare with the keys that the issuer publishes: ${used.join(', ')}`;
    return { verdict: 'open', detail };
  }
  const known = new Set(trusted.map(({ kid }) => kid));
  return judge(
    used.flatMap((kid) => (known.has(kid) ? [] : [`the key ${kid} is none of the issuer's`])),
    `${used.length} keys are the issuer's`,
  );
}

/** The pack is as it was issued, and ends where its issuer signed that it ends. */
export function checkIssue({ statement, ...pack }: EvidencePack): Finding {
  const issued = packStatement.safeParse(readJws(statement)?.payload).data;
  if (!issued) return judge(["the issuer's statement is unreadable"], '');
  const { head, contactId } = issued;
  const isSame = contactId === pack.contactId && head.seq === pack.head.seq && head.hash === pack.head.hash;
  const problems = [
    ...(isSame ? [] : [`it was issued about ${contactId} with ${head.seq} entries`]),
    ...(issued.sha256 === packHash(pack) ? [] : ['it was altered after it was issued']),
  ];
  return judge(problems, `unaltered since ${issued.at}`);
}

/** What the issuer signs of a pack. */
export function packHash(pack: Omit<EvidencePack, 'statement'>): string {
  return sha256(canonical(pack));
}
