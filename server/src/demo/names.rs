//! Names, streets and towns to draw from.

pub(super) const FEMMES: [&str; 28] = [
    "Jeanne", "Marguerite", "Odette", "Simone", "Yvonne", "Andrée", "Geneviève", "Thérèse", "Hélène", "Françoise",
    "Monique", "Josette", "Solange", "Renée", "Éliane", "Bernadette", "Colette", "Gisèle", "Raymonde", "Aïcha",
    "Fatima", "Maria", "Lucienne", "Marie-Thérèse", "Jacqueline", "Zoé", "Noëlle", "Clémence",
];

pub(super) const HOMMES: [&str; 20] = [
    "André", "René", "Marcel", "Lucien", "Roger", "Émile", "Gérard", "Jean-Pierre", "Michel", "Raymond", "Étienne",
    "François", "Gaël", "Mohamed", "António", "Maurice", "Henri", "Joël", "Noël", "Aimé",
];

pub(super) const NOMS: [&str; 56] = [
    "Petit", "Durand", "Leroy", "Moreau", "Girard", "Bonnet", "Lefèvre", "Mercier", "Blanc", "Guérin", "Faure",
    "Rousset", "Chabert", "Gaillard", "Perrin", "Morel", "Barthélemy", "Brun", "Vial", "Repellin", "Argoud",
    "Rey-Coquais", "Sibille", "Pellet", "Bouvier", "Jacquier", "Clavel", "Ginet", "Tissot", "Falcoz", "Excoffier",
    "Mollard", "Dupraz", "Chapuis", "Bérard", "Genève", "Benmansour", "Cherif", "Da Silva", "Ferreira", "Lopez",
    "Rossi", "Nguyen", "Kowalski", "N’Diaye", "O’Brien", "Le Goff", "De La Tour", "Hébert", "Noël", "Prévost",
    "Collomb", "Vuillermoz", "Grangeat", "Berthet", "Charvet",
];

pub(super) const VOIES: [&str; 26] = [
    "rue de la République", "avenue Jean-Jaurès", "rue des Écoles", "chemin du Vieux-Moulin", "impasse des Lilas",
    "boulevard Gambetta", "rue Ampère", "avenue du Vercors", "rue de Belledonne", "cours de la Libération",
    "rue Nicolas-Chorier", "place de la Halle", "montée des Capucins", "rue du Drac", "allée des Tilleuls",
    "chemin de la Côte", "rue Abbé-Grégoire", "avenue Ambroise-Croizat", "rue Pasteur", "quai de l’Isère",
    "route de Lyon", "rue Marcel-Porte", "square des Fusillés", "rue de la Croix-d’Or", "rue Saint-Réal",
    "chemin des Glières",
];

pub(super) const VILLES: [(&str, &str); 18] = [
    ("38000", "Grenoble"), ("38100", "Grenoble"), ("38400", "Saint-Martin-d’Hères"), ("38130", "Échirolles"),
    ("38600", "Fontaine"), ("38170", "Seyssinet-Pariset"), ("38240", "Meylan"), ("38700", "La Tronche"),
    ("38190", "Crolles"), ("38530", "Pontcharra"), ("38500", "Voiron"), ("38120", "Saint-Égrève"),
    ("38330", "Saint-Ismier"), ("73000", "Chambéry"), ("73800", "Montmélian"), ("73190", "Challes-les-Eaux"),
    ("73490", "La Ravoire"), ("73230", "Barby"),
];

/// Sixty characters: names this long exist, and lists must bear them.
pub(super) const NOM_LONG: &str = "De Montmorency-Luxembourg Sallier de la Tour de Saint-Hilaire";
