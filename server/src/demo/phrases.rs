//! What people of an agency write, to draw from.

pub(super) const ACCES: [&str; 14] = [
    "Code A{n}4, 3e étage avec ascenseur, porte de gauche.",
    "Digicode {n}B. 2e étage sans ascenseur, sonner deux fois.",
    "Maison individuelle, portillon vert, clé dans la boîte à code ({n}).",
    "Interphone au nom de la fille. Rez-de-chaussée, au fond de la cour.",
    "1er étage. Petit chien gentil, ne pas le laisser sortir.",
    "Code {n}, bâtiment C, 5e étage. Ascenseur souvent en panne, prévoir du temps.",
    "Deux chats : bien refermer la porte de la cuisine.",
    "Clé chez la voisine du dessous, Mme Roche. Badge du parking à l’agence.",
    "Sonnette en panne, téléphoner en arrivant.",
    "Portail automatique, code {n}#. Se garer dans la cour.",
    "Résidence autonomie, passer par l’accueil avant 20 h.",
    "4e étage droite. La porte est ouverte le matin, frapper et entrer.",
    "Chien impressionnant mais attaché pendant les visites.",
    "",
];

pub(super) const DEMANDES: [&str; 12] = [
    "Aide à la toilette tous les matins, et au coucher le week-end.",
    "Ménage et courses, deux fois deux heures par semaine.",
    "Préparation des repas de midi, du lundi au vendredi.",
    "Sortie d’hospitalisation : aide au lever, toilette, repas pendant un mois.",
    "Accompagnement aux rendez-vous médicaux et aux courses du jeudi.",
    "Garde de nuit deux fois par semaine, pour soulager son épouse.",
    "Aide au lever et à l’habillage. La famille souhaite commencer rapidement.",
    "Entretien du logement et du linge, 3 heures le mardi.",
    "Présence l’après-midi : promenade, lecture, goûter.",
    "APA accordée, 22 heures par mois. Aide à la toilette et aux repas.",
    "Aide aux devoirs et sortie d’école pour les petits-enfants pendant les vacances.",
    "Première demande par la fille, qui habite à Lyon. À rappeler après 18 h.",
];

pub(super) const NOTES: [&str; 12] = [
    "Entend mal de l’oreille droite, parler en face.",
    "Tient beaucoup à son café à 10 h.",
    "Marche avec un déambulateur. Attention au tapis de l’entrée.",
    "Diabète : pas de sucre, même quand elle insiste.",
    "Préfère être vouvoyé. Ancien instituteur, aime parler de la montagne.",
    "Ne pas déplacer les papiers sur la table du salon.",
    "Allergie à la lavande (produits ménagers).",
    "Fatiguée l’après-midi : prévoir la toilette le matin.",
    "Parle surtout portugais avec ses proches, comprend bien le français.",
    "Régime sans sel. Les plateaux sont au réfrigérateur, étage du haut.",
    "Voit très peu. Annoncer son arrivée en entrant dans la pièce.",
    "",
];

pub(super) const TRANSMISSIONS: [&str; 16] = [
    "Toilette faite, bon moral. A bien mangé.",
    "N’a pas voulu prendre sa douche ce matin, toilette au lavabo.",
    "Ampoule du couloir grillée, à remplacer.",
    "A peu dormi, se plaint de la hanche. Prévenu sa fille.",
    "Courses faites, ticket et monnaie dans le tiroir de la cuisine.",
    "Le kiné est passé pendant la visite.",
    "Plus de protections taille M, il en reste quatre.",
    "Très contente de la promenade jusqu’au marché.",
    "Rougeur au talon gauche, à surveiller. J’ai prévenu l’infirmière.",
    "Repas à peine touché. A bu un grand verre d’eau.",
    "RAS, belle matinée. On a regardé les photos.",
    "Le facteur a laissé un recommandé, sur le buffet.",
    "Chute sans gravité hier soir d’après elle, petit bleu au coude.",
    "Fuite sous l’évier, j’ai coupé l’arrivée d’eau et appelé l’agence.",
    "Pilulier : la prise de lundi soir est encore là.",
    "Sa sœur sera là dimanche, pas besoin de préparer le repas.",
];

pub(super) const APPELS: [&str; 10] = [
    "Sa fille demande si l’on peut passer à 9 h au lieu de 8 h le mardi.",
    "Souhaite la même personne chaque semaine si possible.",
    "Demande une attestation fiscale pour l’année dernière.",
    "Absente du 24 au 27 décembre, chez son fils.",
    "L’infirmière libérale demande à être prévenue en cas de rougeurs.",
    "Le fils trouve que le ménage de la cuisine est trop rapide.",
    "Demande un devis pour deux heures de plus le samedi.",
    "Retour d’hospitalisation prévu jeudi, reprise le lendemain matin.",
    "Remercie Sonia, « un rayon de soleil ».",
    "La curatrice demande une copie du dernier plan d’aide.",
];

pub(super) const LIENS: [&str; 8] =
    ["sa fille", "son fils", "sa nièce", "son voisin", "sa sœur", "sa belle-fille", "son petit-fils", "sa curatrice"];
