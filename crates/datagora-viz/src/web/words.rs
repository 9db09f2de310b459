//! What the programs of the page say.
use datagora_core::Language;
use serde_json::{Value, json};

/// Texts that the page makes while it is read, in its language.
pub(super) fn words(language: Language) -> Value {
    let pick = |french: &'static str, english: &'static str| language.pick(french, english);
    json!({
        "map": pick("Carte interactive", "Interactive map"),
        "noWebgl": pick(
            "La carte interactive demande WebGL, que ce navigateur n’offre pas : voici l’image et ses données.",
            "The interactive map needs WebGL, which this browser does not offer: here are the picture and its data.",
        ),
        "failed": pick(
            "La carte interactive n’a pas pu s’ouvrir : voici l’image et ses données.",
            "The interactive map could not be opened: here are the picture and its data.",
        ),
        "colon": pick("\u{a0}: ", ": "),
        "missing": pick("pas de donnée", "no data"),
        "nothing": pick("Rien à lire à cet endroit.", "Nothing to read at this place."),
        "closed": pick("Fiche fermée.", "Card closed."),
        "selected": pick("Sélection : {}.", "Selected: {}."),
        "sum": pick("Somme", "Sum"),
        "noFactor": pick("Aucun facteur connu ici.", "No known factor here."),
        "otherFactor": pick("Facteur {}", "Factor {}"),
        "shown": pick(
            "À cette échelle, la carte montre {shown} sur {all} {what}. Zoomer pour voir les autres.",
            "At this scale the map shows {shown} of {all} {what}. Zoom in to see the others.",
        ),
        "stand": pick(
            "À cette échelle, {shown} formes représentent les {all} {what}. Zoomer pour voir chacune.",
            "At this scale {shown} shapes stand for all {all} {what}. Zoom in to see each.",
        ),
        "shownAll": pick("À cette échelle, la carte montre tout : {all} {what}.", "At this scale the map shows all: {all} {what}."),
        "found": pick("Carte centrée sur {}.", "Map centred on {}."),
        "notFound": pick("« {} » n’est pas dans la liste.", "“{}” is not in the list."),
        "step": pick("Étape {at} sur {all}", "Step {at} of {all}"),
        "offered": pick("Propositions\u{a0}: {}.", "Suggestions: {}."),
        "left": pick("Restent {left} sur {all} {what}.", "{left} of {all} {what} remain."),
        "whole": pick("tout", "all"),
        "range": pick("de {low} à moins de {high}", "from {low} to below {high}"),
        "play": pick("Lire", "Play"),
        "pause": pick("Arrêter", "Pause"),
        "course": pick("Évolution", "Over time"),
        "pinned": pick("{} est épinglé.", "{} is pinned."),
        "unpin": pick("Détacher {}", "Unpin {}"),
        "unpinned": pick("{} est détaché.", "{} is unpinned."),
        "unpinnedAll": pick("Plus rien n’est épinglé.", "Nothing is pinned any more."),
        "copied": pick("Lien copié.", "Link copied."),
        "notCopied": pick("Le lien est dans la barre d’adresse.", "The link is in the address bar."),
        "saved": pick("Fichier enregistré : {}.", "File saved: {}."),
        "compare": pick("Limite entre {left} à gauche et {right} à droite", "Border between {left} on the left and {right} on the right"),
        "border": pick("{share}\u{202f}% de la largeur pour {left}", "{share}% of the width for {left}"),
        "direction": pick("Sens", "Direction"),
        "fingers": pick("Deux doigts pour déplacer la carte", "Use two fingers to move the map"),
        "scroll": pick("Ctrl + molette pour zoomer", "Ctrl + scroll to zoom"),
    })
}
