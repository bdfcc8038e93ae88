import { canonical } from '../permission/evidence.ts';
import { sha256 } from '../platform/ids.ts';
import { judge } from './finding.ts';
import type { Finding } from './finding.ts';
import type { EvidencePack } from './pack.ts';

/** Every text that somebody agreed to is here and is the one that the entry names. */
export function checkWordings({ entries, wordings, payloadsWithheld }: EvidencePack): Finding {
  // What was agreed to without a form is sealed with the act: where that is withheld, so is its text.
  const shown = payloadsWithheld === undefined ? entries : entries.filter(({ signup }) => signup);
  const named = shown.flatMap(({ seq, changes, signup }) =>
    [...changes.map(({ wording }) => wording), ...Object.values(signup?.boxes ?? {})].map((wording) => ({
      seq,
      wording,
    })),
  );
  const missing = named.flatMap(({ seq, wording }) =>
    wording !== undefined && wordings[wording] === undefined
      ? [`the wording of entry ${seq} is missing`]
      : [],
  );
  const altered = Object.entries(wordings).flatMap(([hash, text]) =>
    sha256(text) === hash ? [] : [`the text ${hash.slice(0, 12)}… is not the one agreed to`],
  );
  return judge([...altered, ...missing], `${Object.keys(wordings).length} wordings match their hashes`);
}

/** Every form is the one that was filled in. */
export function checkForms({ entries, forms }: EvidencePack): Finding {
  const problems = forms.flatMap(({ id, version, sha256: hash, document }) =>
    sha256(canonical(document)) === hash ? [] : [`the form ${id}, version ${version}, is not the one shown`],
  );
  const known = new Set(forms.map(({ sha256: hash }) => hash));
  const missing = entries.flatMap(({ seq, signup }) =>
    signup && !known.has(signup.form.sha256) ? [`the form of entry ${seq} is missing`] : [],
  );
  return judge([...problems, ...missing], `${forms.length} forms match their hashes`);
}

/** The person's data is what was sealed. What cannot be read proves and disproves nothing. */
export function checkPayloads({ entries, payloads, payloadsWithheld }: EvidencePack): Finding {
  const problems = Object.entries(payloads).flatMap(([seq, payload]) => {
    const entry = entries.find((one) => String(one.seq) === seq);
    return entry?.payloadHash === sha256(canonical(payload))
      ? []
      : [`the personal data of entry ${seq} is not what was sealed`];
  });
  const shown = Object.keys(payloads).length;
  const finding = judge(problems, `the personal data of ${shown} of ${entries.length} entries matches`);
  return finding.verdict === 'pass' && payloadsWithheld !== undefined
    ? { verdict: 'open', detail: `personal data is not shown: ${payloadsWithheld}` }
    : finding;
}

/** The mail shown is the mail sent. */
export function checkMails({ entries, mails }: EvidencePack): Finding {
  const problems = mails.flatMap(({ seq, sha256: hash, content }) => {
    const recorded = entries.find((one) => one.seq === seq)?.mail?.sha256;
    if (recorded !== hash) return [`the mail of entry ${seq} is not the one recorded`];
    return content === undefined || sha256(canonical(content)) === hash
      ? []
      : [`the words of the mail of entry ${seq} are not those sent`];
  });
  const shown = mails.filter(({ content }) => content !== undefined).length;
  return judge(problems, `${shown} of ${mails.length} mails are shown in full; the others by hash only`);
}
