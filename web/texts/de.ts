import type { FieldName } from '../../shared/settings/form.ts';
import type { SignupErrorCode } from '../../shared/signup/signup-input.ts';

export const de = {
  signup: {
    fields: {
      firstName: 'Vorname',
      lastName: 'Nachname',
      company: 'Firma',
      country: 'Land',
    } satisfies Record<FieldName, string>,
    email: 'E-Mail-Adresse',
    optional: '(freiwillig)',
    choose: 'Bitte wählen',
    topics: 'Was interessiert Sie?',
    topicsHint: 'Sie können Ihre Wahl später jederzeit ändern.',
    uses: 'Ihre Einwilligung',
    usesHint: 'Jede Einwilligung steht für sich. Setzen Sie nur die Haken, die Sie möchten.',
    usesHintSingle: 'Bitte setzen Sie den Haken, wenn Sie einverstanden sind.',
    useRequired: 'Für diese Anmeldung nötig.',
    submit: 'Anmelden',
    after: 'Danach erhalten Sie eine E-Mail an diese Adresse.',
    privacy: 'Wie wir mit Ihren Daten umgehen, steht in den ',
    privacyLink: 'Hinweisen zum Datenschutz',
    leaveEmpty: 'Bitte leer lassen',
    didYouMean: (address: string) => `Meinten Sie ${address}?`,
    useSuggestion: (address: string) => `Ja, ${address} verwenden`,
    keepTyped: 'Ist Ihre Eingabe richtig, senden Sie das Formular einfach noch einmal ab.',
    notice: {
      check: 'Bitte sehen Sie Ihre Angaben noch einmal durch und drücken Sie dann auf „Anmelden“.',
      'too-fast':
        'Das ging sehr schnell. Bitte sehen Sie Ihre Angaben noch einmal durch und drücken Sie dann auf „Anmelden“.',
      'too-late':
        'Das Formular war lange geöffnet. Ihre Angaben sind noch da: Bitte drücken Sie noch einmal auf „Anmelden“.',
      robot:
        'Ein Feld, das leer bleiben soll, war ausgefüllt. Wir haben es geleert: Bitte drücken Sie noch einmal auf „Anmelden“.',
    },
    summary: (count: number) =>
      count === 1 ? 'Bitte prüfen Sie noch eine Angabe' : `Bitte prüfen Sie noch ${count} Angaben`,
    errors: {
      'email-missing': () => 'Bitte geben Sie Ihre E-Mail-Adresse an.',
      'email-invalid': () =>
        'Bitte prüfen Sie die E-Mail-Adresse. Sie sieht zum Beispiel so aus: name@firma.de.',
      'email-disposable': () =>
        'Bitte geben Sie eine Adresse an, die Sie auf Dauer nutzen. Einmal-Adressen erreichen wir später nicht mehr.',
      'email-typo': () => 'Bitte prüfen Sie die E-Mail-Adresse auf einen Tippfehler.',
      'field-missing': (label) => `Bitte füllen Sie „${label}“ aus.`,
      'field-too-long': (label) => `Bitte kürzen Sie „${label}“ auf höchstens 80 Zeichen.`,
      'field-has-link': (label) => `Bitte geben Sie bei „${label}“ keine Internetadresse an.`,
      'field-invalid': (label) => `Bitte prüfen Sie „${label}“: Einige Zeichen können wir nicht verarbeiten.`,
      'use-missing': (label) => `Bitte setzen Sie den Haken bei „${label}“, wenn Sie sich anmelden möchten.`,
      'use-unknown': () => 'Bitte wählen Sie die Einwilligungen neu, eine davon steht nicht mehr zur Wahl.',
      'topic-unknown': () => 'Bitte wählen Sie die Themen neu, eines davon steht nicht mehr zur Wahl.',
      'country-unknown': () => 'Bitte wählen Sie ein Land aus der Liste.',
      'thank-you-unknown': () => 'Die gewünschte Folgeseite ist für dieses Formular nicht eingetragen.',
      'unknown-field': (label) => `Das Feld „${label}“ gehört nicht zu diesem Formular.`,
    } satisfies Record<SignupErrorCode, (label: string) => string>,
  },

  thankYou: {
    title: 'Bitte sehen Sie in Ihr Postfach',
    sent: 'Wir haben eine E-Mail an die angegebene Adresse geschickt, wenn dort noch eine Bestätigung fehlt.',
    sender: 'Absender',
    nothing: 'Nichts da? Sehen Sie im Spam-Ordner nach oder ',
    checkAddress: 'prüfen Sie die Adresse',
  },

  confirm: {
    title: 'Stimmt das so?',
    lead: (address: string) => `Mit Ihrer Bestätigung gilt für ${address}:`,
    origin: (at: string, form: string) => `Eingetragen am ${at} über „${form}“.`,
    yes: 'Ja, bestätigen',
    no: 'Das war ich nicht',
    noHint: 'Dann löschen wir die Anmeldung, und Sie erhalten dazu keine weiteren E-Mails.',
  },

  confirmOutcome: {
    confirmed: 'Danke, es ist bestätigt',
    confirmedLead: (address: string) => `Ab jetzt gilt für ${address}:`,
    review: 'Das sehen wir uns noch an, bevor wir Ihnen dazu schreiben:',
    choices: 'Einstellungen ändern oder abmelden',
    choicesHint: 'Das können Sie jederzeit. Der Link steht auch in jeder E-Mail.',
    already: 'Schon bestätigt',
    alreadyText: (date: string) => `Bestätigt am ${date}. Sie müssen nichts weiter tun.`,
    expired: 'Dieser Link ist abgelaufen',
    expiredResend:
      'Er galt 72 Stunden. Mit einem Klick schicken wir Ihnen eine neue E-Mail an dieselbe Adresse.',
    resend: 'Neue E-Mail anfordern',
    expiredForm: 'Bitte melden Sie sich noch einmal an. Das dauert nur eine Minute.',
    toForm: 'Zum Anmeldeformular',
    underReview: 'Danke, wir prüfen Ihre Anmeldung',
    underReviewText:
      'Sie müssen nichts weiter tun. Bei uns sieht sich jemand die Anmeldung an; bis dahin erhalten Sie von uns keine Werbung.',
    withdrawn: 'Inzwischen abgemeldet',
    withdrawnText:
      'Diese Adresse wurde nach der Anmeldung abgemeldet. Das gilt weiterhin. Wenn Sie wieder dabei sein möchten, melden Sie sich bitte neu an.',
    resent: 'Bitte sehen Sie in Ihr Postfach',
    resentText:
      'Eine neue E-Mail mit einem frischen Link ist unterwegs. Nichts da? Sehen Sie auch im Spam-Ordner nach.',
    rejected: 'Danke für den Hinweis',
    rejectedText: 'Die Anmeldung ist gelöscht. Wir schicken dazu keine weiteren E-Mails.',
  },

  unsubscribe: {
    title: 'Abmelden',
    lead: 'Für die Adresse',
    question: 'Wovon möchten Sie sich abmelden?',
    onlyTopic: (topic: string) => `Nur das Thema ${topic}`,
    everything: (brand: string) => `Alles von ${brand}`,
    nothingAtAll: 'Keinerlei Werbung mehr',
    nothingAtAllHint: (controller: string) =>
      `Gilt für alle Marken von ${controller}, auch für alles, was neu hinzukommt.`,
    reason: 'Grund',
    reasonNone: 'Keine Angabe',
    reasons: {
      'too-many': 'Zu viele E-Mails',
      'not-relevant': 'Passt nicht zu meinen Interessen',
      'never-asked': 'Ich habe mich nie angemeldet',
      other: 'Etwas anderes',
    },
    submit: 'Abmelden',
    done: 'Erledigt, Sie sind abgemeldet',
    gone: (address: string) => `Ab sofort beendet für ${address}:`,
    goneAll: (address: string, controller: string) =>
      `${address} erhält ab sofort keinerlei Werbung mehr von ${controller}.`,
    stopped: 'Bereits gestartete Sendungen halten wir an.',
    already: 'Schon abgemeldet',
    alreadyText: (address: string) => `${address} war bereits abgemeldet. Sie müssen nichts weiter tun.`,
    mistake: 'War das ein Versehen?',
    undoHint:
      '10 Minuten lang können Sie die Abmeldung hier zurücknehmen. Mit dem Klick stimmen Sie erneut zu:',
    undo: 'Rückgängig machen',
  },

  undo: {
    title: 'Abmeldung rückgängig machen?',
    lead: (address: string) => `Mit Ihrem Klick stimmen Sie für ${address} erneut zu:`,
    submit: 'Ja, wieder anmelden',
    leave: 'Soll es bei der Abmeldung bleiben, schließen Sie diese Seite einfach.',
    restored: 'Sie sind wieder angemeldet',
    restoredLead: 'Ab jetzt gilt wieder:',
    changeTitle: 'Änderung zurücknehmen?',
    changeLead: (address: string) => `Mit Ihrem Klick gilt für ${address} wieder, was vorher galt.`,
    changeSubmit: 'Ja, zurücknehmen',
    changeLeave: 'Soll es bei der Änderung bleiben, schließen Sie diese Seite einfach.',
    changeRestored: 'Zurückgenommen',
    changeRestoredText: 'Es gilt wieder, was vorher galt. Was Sie seitdem neu gewählt haben, bleibt.',
    nothing: 'Hier ist nichts mehr rückgängig zu machen',
    nothingText: 'Ihre Einstellungen sind unverändert. Sie müssen nichts weiter tun.',
    tooLate: 'Dieser Link ist abgelaufen',
    tooLateText: 'Es bleibt, wie es ist. Wenn Sie wieder dabei sein möchten, melden Sie sich bitte neu an.',
  },
};

/** German is the type; every other language has exactly these entries. */
export type Texts = typeof de;
