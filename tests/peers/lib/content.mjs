// What is written in dossiers: sixty fields, transmissions, a hundred changes of history, and the edits of each workload.
// The same for every peer and in every run: everything follows from numbers.

export const FIELDS = 60;
export const TRANSMISSIONS = 25; // in the history of a dossier, at least
const HISTORY = 100;
const WORDS = `patient visite matin soir douleur tension stable repas famille appel médecin traitement sommeil marche
  pansement fatigue bonne surveillance demain contrôle dossier suivi plaie glycémie poids hydratation mobilité aide toilette
  kiné ordonnance pharmacie retour hôpital soins moral anxiété chute prévention rendez-vous`.split(/\s+/);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

// A pseudo-random sequence of [0, 1) (mulberry32).
function sequence(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const below = (random, bound) => Math.floor(random() * bound);

function letters(random, length) {
  return Array.from({ length }, () => LETTERS[below(random, LETTERS.length)]).join('');
}

function sentence(random, length) {
  let text = '';
  while (text.length < length) text += `${WORDS[below(random, WORDS.length)]} `;
  return text.slice(0, length);
}

export const fieldName = (number) => `champ${String(number).padStart(2, '0')}`;
export const dossierName = (number) => `dossier-${String(number).padStart(5, '0')}`;

const setField = (field, value) => ({ kind: 'field', field, value });

function transmission(random, id) {
  return {
    kind: 'transmission',
    id: `${id}-${letters(random, 8)}`,
    auteur: `infirmier-${below(random, 30)}`,
    date: new Date(1.76e12 + random() * 1e10).toISOString(),
    texte: sentence(random, 110),
  };
}

// A dossier as it stands in the seed: its first sixty fields, then its history (75 fields set anew, 25 transmissions).
export function dossier(number) {
  const random = sequence(number + 1);
  const fields = {};
  for (let field = 0; field < FIELDS; field += 1) fields[fieldName(field)] = letters(random, 20);
  const history = Array.from({ length: HISTORY }, (_, step) =>
    step % 4 === 3
      ? transmission(random, `tr-${number}-${step}`)
      : setField(fieldName(below(random, FIELDS)), letters(random, 20)),
  );
  return { fields, history };
}

// W3: what one phone wrote offline in the dossiers it holds, two transmissions in each of ten: [{ dossier, edit }]. Whoever is
// out with clients writes nothing else; none is written over by another, so that each can be looked for at the end.
export function fieldDayEdits(phone, dossiers) {
  const random = sequence(1e6 + phone);
  return Array.from({ length: 20 }, (_, step) => ({
    dossier: dossiers[step % dossiers.length],
    edit: transmission(random, `w3-${phone}-${step}`),
  }));
}

// W4: edit `number` of the writer. Fields are written over every 60 edits; transmissions (every fourth) never.
export function liveEdit(number) {
  const random = sequence(2e6 + number);
  return number % 4 === 3
    ? transmission(random, `w4-${number}`)
    : setField(fieldName(number % FIELDS), `w4-${number}-`.padEnd(20, 'y'));
}

// W5: the one change of a phone.
export const morningEdit = (phone) => transmission(sequence(3e6 + phone), `w5-${phone}`);
