/** Shorter words end too many others: a cockpit is no pit. */
const LETTERS_OF_AN_END = 6;

export type Place = { start: number; end: number };

/** A text for `findWords`: case, umlauts and accents aside, its words parted by one space. */
export function fold(text: string): string {
  const spelt = text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
  return (spelt.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}

/**
 * Where a word or phrase stands in a text. One of six letters or more is found at the end of longer words too, because
 * German writes them as one (`leiter` in Vertriebsleiter), and in its feminine form (Vertriebsleiterin).
 * @param text folded
 */
export function findWords(text: string, word: string): Place[] {
  const sought = fold(word);
  if (sought === '') return [];
  const pattern = sought.length < LETTERS_OF_AN_END ? `(?<![^ ])${sought}` : `${sought}(?:in)?`;
  const found = text.matchAll(new RegExp(`${pattern}(?![^ ])`, 'gu'));
  return Array.from(found, ({ index, 0: { length } }) => ({ start: index, end: index + length }));
}
