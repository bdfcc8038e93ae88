import type { Language } from '../settings/language.ts';

/** What a pack shows and what it does not (H9): the same words on the page and in the file. */
export const LIMITS: Record<Language, readonly string[]> = {
  de: [
    'Die verketteten Prüfsummen zeigen, dass die Einträge seit ihrer Aufnahme in eine signierte Tageswurzel weder geändert noch entfernt oder umgestellt wurden. Einträge, die noch auf die nächste Tageswurzel warten, sichert nur die Unterschrift des Ausstellers.',
    'Wer eine Bestätigung in der zugesandten E-Mail anklickt, hatte zu diesem Zeitpunkt Zugriff auf das Postfach. Wer am Gerät saß, lässt sich daraus nicht ablesen.',
    'Die Zustellmeldung stammt vom empfangenden Mailserver und belegt die Annahme der E-Mail, nicht ihre Kenntnisnahme.',
    'Die Zeiten stammen von den Uhren des Betreibers. Gegen den Betreiber selbst beweist sie erst ein Zeitstempel eines unabhängigen Dienstes.',
    'Eine Bestätigung per E-Mail sagt nichts über die Einwilligung in Anrufe.',
  ],
  en: [
    'The chained hashes show that no entry was changed, removed or moved since it was taken into a signed daily root. Entries that still wait for the next root are secured by the signature of the issuer alone.',
    'Whoever clicks the confirmation in the mail that was sent had access to the mailbox at that time. Who sat at the device cannot be told from it.',
    'The delivery report comes from the receiving mail server and shows that the mail was accepted, not that it was read.',
    'Times come from the clocks of the operator. Against the operator, only the time stamp of an independent service proves them.',
    'A confirmation by e-mail says nothing about consent to phone calls.',
  ],
};
