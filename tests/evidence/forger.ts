import { readJws, signJws } from '../../shared/evidence/jws.ts';
import { PACK_TYP } from '../../shared/evidence/pack.ts';
import type { EvidencePack } from '../../shared/evidence/pack.ts';
import { ROOT_TYP, rootHash } from '../../shared/evidence/root.ts';
import { packHash } from '../../shared/evidence/verify-signed.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Signer } from '../../shared/platform/signer.ts';

/** What a forger does who holds no key of ours: everything is signed anew with their own. */
export async function signAnew(pack: EvidencePack, signer: Signer): Promise<EvidencePack> {
  let prevRoot = '';
  const roots: string[] = [];
  for (const jws of pack.roots) {
    const payload = { ...Object(readJws(jws)?.payload), ...(prevRoot ? { prevRoot } : {}) };
    const signed = await signJws(signer, ROOT_TYP, payload);
    prevRoot = rootHash(readJws(signed)?.text ?? '');
    roots.push(signed);
  }
  return issue({ ...pack, roots }, signer);
}
async function issue(issued: EvidencePack, signer: Signer): Promise<EvidencePack> {
  const { statement: _, ...pack } = issued;
  const { contactId, head } = pack;
  const statement = { contactId, head, at: now(), sha256: packHash(pack) };
  return { ...pack, statement: await signJws(signer, PACK_TYP, statement) };
}
