#!/usr/bin/env node
// A second verifier of evidence packs, written from docs/evidence-format.md alone: it shares no line with the first, so
// that what the page says and what the product does are held against each other. Prints a verdict per step.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const MEMBERS =
  'format issuedAt contactId controller head entries payloads permissions wordings forms mails uses grades proofs roots jwks limits statement';
const ZEROS = '0'.repeat(64);
const TWO_DAYS = 2 * 24 * 60 * 60 * 1000;

const digest = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** RFC 8785: members by UTF-16 code units, everything else as ECMAScript writes it. */
function jcs(value) {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${jcs(value[name])}`).join(',')}}`;
}
const without = (name, members) =>
  Object.fromEntries(Object.entries(members).filter(([other]) => other !== name));

function openJws(jws) {
  const [header, payload, signature] = jws.split('.');
  const bytes = Buffer.from(payload, 'base64url');
  return {
    header: JSON.parse(Buffer.from(header, 'base64url')),
    payload: JSON.parse(bytes),
    bytes,
    signed: `${header}.${payload}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

function isSigned(jws, typ, keys) {
  const { header, signed, signature } = openJws(jws);
  const key = keys.find(({ kid }) => kid === header.kid);
  if (header.alg !== 'ES256' || header.typ !== typ || !key || signature.length !== 64) return false;
  const { crv, kty, x, y } = key;
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  if (thumbprint !== key.kid) return false;
  const publicKey = createPublicKey({ key: { crv, kty, x, y }, format: 'jwk' });
  return verify('sha256', Buffer.from(signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

/** RFC 9162 2.1.3.2, with its own names: fn, sn, r. */
function leadsTo(root, leaf, { index, path }, size) {
  if (index >= size) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    if (sn === 0) return false;
    const [bytes, other] = [Buffer.from(r, 'hex'), Buffer.from(p, 'hex')];
    if (fn % 2 === 1 || fn === sn) {
      r = digest(Buffer.from([1]), other, bytes);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else r = digest(Buffer.from([1]), bytes, other);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && r === root;
}

const STEPS = {
  format: (pack) =>
    pack.format === 'assent-evidence/1' &&
    jcs(Object.keys(without('payloadsWithheld', pack)).sort()) === jcs(MEMBERS.split(' ').sort()) &&
    pack.entries.length > 0,
  chain: ({ entries, contactId }) =>
    entries.every(
      (entry, at) =>
        entry.seq === at + 1 &&
        entry.contactId === contactId &&
        entry.hash === digest(jcs(without('hash', entry))) &&
        entry.prevHash === (at === 0 ? ZEROS : entries[at - 1].hash),
    ),
  head: ({ entries, head, proofs }) => {
    const last = entries.at(-1);
    return (
      head.seq === last.seq && head.hash === last.hash && proofs.every(({ headSeq }) => headSeq <= last.seq)
    );
  },
  inclusion: ({ entries, proofs, roots }) => {
    const statements = roots.map((jws) => openJws(jws).payload);
    return entries.every(({ contactId, seq, hash, at }) => {
      const proof = proofs.find((one) => one.seq === seq);
      if (!proof) {
        return statements.length === 0 || Date.parse(at) + TWO_DAYS > Date.parse(statements.at(-1).until);
      }
      const root = statements.find((one) => one.seq === proof.root);
      const leaf = digest(Buffer.from([0]), jcs({ contactId, seq, hash, headSeq: proof.headSeq }));
      return root !== undefined && leadsTo(root.root, leaf, proof, root.size);
    });
  },
  roots: ({ roots }) =>
    roots.map(openJws).every(({ payload }, at, all) => {
      const before = all[at - 1];
      if (payload.seq === 1 && payload.prevRoot !== ZEROS) return false;
      return (
        before === undefined ||
        (payload.seq === before.payload.seq + 1 &&
          payload.until >= before.payload.until &&
          payload.prevRoot === digest(before.bytes))
      );
    }),
  signatures: ({ roots, statement, jwks: { keys } }) =>
    roots.every((jws) => isSigned(jws, 'assent-root+jwt', keys)) &&
    isSigned(statement, 'assent-pack+jwt', keys),
  keys: ({ roots, statement }, trusted) =>
    trusted &&
    [...roots, statement].every((jws) => trusted.some(({ kid }) => kid === openJws(jws).header.kid)),
  wordings: ({ entries, wordings, payloadsWithheld }) =>
    Object.entries(wordings).every(([name, text]) => digest(text) === name) &&
    entries
      .filter(({ signup }) => signup || !payloadsWithheld)
      .flatMap(({ changes, signup }) => [
        ...changes.flatMap(({ wording }) => wording ?? []),
        ...Object.values(signup?.boxes ?? {}),
      ])
      .every((name) => name in wordings),
  forms: ({ entries, forms }) =>
    forms.every(({ document, sha256 }) => digest(jcs(document)) === sha256) &&
    entries.every(({ signup }) => !signup || forms.some(({ sha256 }) => sha256 === signup.form.sha256)),
  payloads: ({ entries, payloads, payloadsWithheld }) => {
    const holds = Object.entries(payloads).every(
      ([seq, payload]) =>
        entries.find((entry) => String(entry.seq) === seq)?.payloadHash === digest(jcs(payload)),
    );
    return holds && payloadsWithheld ? undefined : holds;
  },
  mails: ({ entries, mails }) =>
    mails.every(
      ({ seq, sha256, content }) =>
        entries.find((entry) => entry.seq === seq)?.mail?.sha256 === sha256 &&
        (content === undefined || digest(jcs(content)) === sha256),
    ),
  issue: (pack) => {
    const { contactId, head, sha256 } = openJws(pack.statement).payload;
    return (
      contactId === pack.contactId &&
      jcs(head) === jcs(pack.head) &&
      sha256 === digest(jcs(without('statement', pack)))
    );
  },
};

/** A step that stumbles over what it reads has not passed. */
function judge(check, ...given) {
  try {
    const verdict = check(...given);
    if (verdict === undefined) return 'open';
    return verdict ? 'pass' : 'fail';
  } catch {
    return 'fail';
  }
}

const [pack, trusted] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
for (const [step, check] of Object.entries(STEPS)) {
  console.log(`${step} ${judge(check, pack, trusted?.keys)}`);
}
