"""Words that name something other than people, in names of columns and in values."""

from __future__ import annotations

from core.drift.people.word_set import word_set

THINGS = word_set(
    """
    abteilung age agencies agency airline airport alter amount animal annee ano anrede anzahl area art
    article artikel bank bereich beruf bezirk branch branche brand breed browser building bundesland business
    campaign canal cantidad car cargo carrier categoria categorie category channel cidade citta city ciudad
    clase class color colore colour commune compania company comune condition contract cost couleur count
    country county course currency date datum dauer day degree departamento departement department dept
    design device dia diagnosis disease dish district division dorf drink drug duration ecole edad education
    empresa entreprise equipe equipo escuela estacion estado etat ethnicity event exterior fabricant
    fabricante fach fahrzeug farbe field filiale firm firma flag fonction food form foundation fruit game
    gebiet gemeinde gender genero genre genus gerat geschlecht giorno grade grosse group groupe grund grupo
    gruppe heating herkunft hersteller house idioma income industry island item jahr job jour kanal kategorie
    kind klasse kosten kreis land language langue level location make maker manufacturer marca marke market
    marque material matiere medium mes mese method metier model modele modell modelo mois monat month motivo
    municipio nationality neighborhood neighbourhood niveau nivel occupation offer office organisation
    organization origen origin origine ort package paese pais payment pays percent period place plan plant
    platform position poste precio preis price prix prodotto product producto produit produkt profesion
    profession province provincia pueblo puesto quality quartal quarter quelle race raison rank rate rating
    ratio reason region religion result revenue role rolle roof room route saison salary school schule score
    season secteur sector segment service sex sexe sexo shape share shop site size societe source species
    sprache staat stadt standort state station status statut stelle store stufe style subject sum system tag
    taille talla team tier time tipo titel title total town treatment typ type umsatz unit university
    unternehmen variety vehicle village ville ware weather weekday wind wochentag year zeit zone zustand
    """
)
"""In names of columns."""
HEADS_FIRST = word_set(
    """
    age alter annee ano anzahl art cantidad cargo categoria categorie ciudad clase color commune couleur
    count departamento departement dia edad estado fonction genero genre geschlecht groupe grupo idioma jour
    langue marca marque mes metier modele modelo mois municipio niveau nivel num number pais pays poste
    producto produit profesion provincia pueblo puesto service sexe sexo statut tipo typ type ville
    """
)
"""Those whose owner follows, as in *type client* or *ciudad del cliente*."""
OTHERWISE = word_set(
    """
    ab ag air airline airlines airport airways allee amt and aps as asociados ave avenida avenue banco bank
    banque boulevard bv calle chemin church cie clinic co college companies company corp corporation council
    county department drive east ecole escuela et ev fils fort gasse gesellschaft gmbh group hermanos hijos
    hochschule holding holdings hopital hospital inc institute kg klinik krankenhaus lake lane limited llc
    ltd mairie mbh mount new north northern nv office ohg oy paseo place platz plaza plc port rd ring rio
    road rue sa saint sainte san santa santo sao sarl sas school schule sint sl sociedad societe sons south
    southern spa square srl st stiftung street und universidad universitat universite university verein via
    weg werke west y
    """
)
"""In values that look like names: of places, firms, institutions, streets."""
