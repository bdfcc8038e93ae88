/**
 * Words in job titles, German and English, that tell a position. The order counts where a title has several (see
 * `positionIn`), which is why those who work for the board stand before it.
 */
export const POSITION_WORDS = [
  told(
    'student',
    `student, studierende, studierender, studentische, studentischer, schüler, praktikant, praktikum, auszubildende,
    auszubildender, azubi, internship`,
  ),
  told(
    'specialist',
    `assistant to, pa to, management assistant, assistent der, assistentin der, assistent des, assistentin des,
    assistenz der, assistenz des, assistenz geschäftsführung, assistenz geschäftsleitung, referent der, referentin der,
    referent des, referentin des, sekretärin der, sekretärin des, sekretariat der, sekretariat geschäftsführung`,
  ),
  told(
    'owner',
    `inhaber, eigentümer, gesellschafter, gründer, owner, founder, managing partner, sole proprietor`,
  ),
  told(
    'board',
    `geschäftsführer, geschäftsführung, geschäftsführende, geschäftsführender, geschäftsleiter, geschäftsleitung, gf,
    vorstand, vorständin, vorstandsmitglied, vorstandsvorsitzende, vorstandsvorsitzender, prokurist, präsident,
    managing director, executive director, general manager, president, chief, board member, board of,
    member of the board, executive board, management board, ceo, cto, coo, cfo, cio, cso, cmo, cdo`,
  ),
  told(
    'head',
    `leiter, leitung, direktor, vizepräsident, chef, chefin, chefingenieur, chefkonstrukteur, head, director,
    vice president, vp, svp, evp, chief engineer, chief architect, chief designer, chief of staff, country manager,
    plant manager`,
  ),
  told(
    'manager',
    `manager, management, teamleiter, teamleitung, gruppenleiter, gruppenleitung, projektleiter, projektleitung,
    schichtleiter, schichtleitung, bauleiter, bauleitung, leitende, leitender, meister, vorarbeiter, koordinator, lead,
    teamlead, supervisor, coordinator, foreman, scrum master, product owner, process owner`,
  ),
  told(
    'specialist',
    `ingenieur, ing, techniker, entwickler, konstrukteur, architekt, planer, referent, sachbearbeiter, sachbearbeitung,
    spezialist, experte, expertin, fachkraft, facharbeiter, mitarbeiter, mitarbeitende, mitarbeitender, assistent,
    assistenz, sekretär, sekretärin, sekretariat, berater, betreuer, beauftragte, beauftragter, einkäufer, verkäufer,
    vertreter, kaufmann, kauffrau, außendienst, innendienst, disponent, buchhalter, monteur, mechaniker, mechatroniker,
    elektriker, elektroniker, informatiker, programmierer, wissenschaftler, hausmeister, begleiter, anleiter, engineer,
    developer, designer, architect, specialist, expert, technician, analyst, consultant, planner, buyer, purchaser,
    assistant, office manager, office management, controller, administrator, programmer, scientist, researcher, tester,
    operator, representative, executive, officer, halbleiter, rohrleitung`,
  ),
];

/** Typed by the position, not as any text. */
function told<P extends string>(position: P, words: string) {
  return { position, words: words.split(/,\s+/) };
}
