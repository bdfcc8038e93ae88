import type { Change, EvidenceEntry } from './evidence.ts';

/** What a complete proof of an e-mail consent holds (G5). */
export const PIECES = ['wording', 'form', 'mail', 'messageId', 'delivery', 'confirmation'] as const;
export type Piece = (typeof PIECES)[number];
export type Grade = 'A' | 'B' | 'C';
export type Graded = { seq: number; brand: string; use: string; grade: Grade; missing: Piece[] };

/** How complete the proof of each grant in a chain is: A lacks nothing, C would not convince a court. */
export function gradeGrants(entries: readonly EvidenceEntry[]): Graded[] {
  return entries.flatMap((entry) =>
    entry.changes
      .filter(({ to, wording }) => to === 'granted' && wording !== undefined)
      .map((change) => {
        const missing = missingPieces(entry, change, entries);
        const { brand, use } = change;
        return { seq: entry.seq, brand, use, missing, grade: gradeOf(entry, change, missing) };
      }),
  );
}

function missingPieces(entry: EvidenceEntry, change: Change, all: readonly EvidenceEntry[]): Piece[] {
  const { mail, signup, route } = entry;
  const wasDelivered =
    mail?.deliveredAt !== undefined ||
    all.some(({ delivery }) => delivery !== undefined && delivery.requestId === signup?.requestId);
  const there: Record<Piece, boolean> = {
    wording: change.wording !== undefined,
    form: signup !== undefined && change.form !== undefined,
    mail: mail !== undefined,
    messageId: mail?.messageId !== undefined,
    delivery: wasDelivered,
    confirmation: route === 'double-opt-in' && signup?.confirmPageShownAt !== undefined,
  };
  return PIECES.filter((piece) => !there[piece]);
}

/** B: the act itself is documented, by the click, by the mail that SES took, or by a recording or scan (G7). */
function gradeOf({ document }: EvidenceEntry, { proof }: Change, missing: readonly Piece[]): Grade {
  if (missing.length === 0) return 'A';
  const has = (...pieces: Piece[]) => pieces.every((piece) => !missing.includes(piece));
  const isDocumented =
    proof === 'oral' || proof === 'written'
      ? document?.sha256 !== undefined
      : has('form') && (has('confirmation') || has('mail', 'messageId'));
  return isDocumented && has('wording') ? 'B' : 'C';
}
