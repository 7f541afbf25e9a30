"""Names of columns that say what rows belong to, such as a patient, a lot or a machine, in many languages."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from core.data.kinds import ID_WORDS, LAST_ID_WORDS, NOUN_ID, words_of

ENTITIES = (
    "lot batch wafer patient person user customer client member household student pupil subject participant "
    "respondent donor machine session animal mouse rat dog cow horse sheep bird fish litter herd flock "
    "hospital clinic site device sensor instrument vehicle truck driver station school classroom teacher "
    "household village farm operator rater technician physician surgeon specimen employee worker "
    "kunde kundin patientin proband probandin teilnehmer teilnehmerin maschine geraet gerat anlage tier maus "
    "ratte hund katze kuh pferd schaf rind klinik krankenhaus spital praxis standort messstelle fahrzeug "
    "fahrer schule schueler schuler lehrer haushalt betrieb hof mitarbeiter mitglied nutzer "
    "malade client cliente sujet souris animal chien vache cheval hopital clinique appareil capteur vehicule "
    "eleve ecole foyer ferme lot salarie utilisateur "
    "paciente persona usuario socio alumno alumna estudiante participante raton perro vaca caballo clinica "
    "maquina dispositivo vehiculo escuela hogar granja empleado "
    "paziente cliente utente alunno studente mucca cavallo ospedale macchina veicolo scuola "
    "lotto dipendente "
    "pessoa usuario aluno estudante cachorro cavalo maquina veiculo escola fazenda funcionario "
    "patiente klant gebruiker deelnemer leerling muis hond koe paard ziekenhuis kliniek apparaat voertuig "
    "gezin huishouden boerderij partij medewerker "
    "kund patienten pasient bruker brukare bruger deltagare deltaker deltager mus hund hest hast "
    "sjukhus sykehus sygehus maskin skola skole hushall "
    "pacjent klient uzytkownik uczestnik uczen mysz szpital maszyna urzadzenie pojazd szkola partia "
    "zakaznik uzivatel ucastnik zak mys nemocnice stroj zarizeni vozidlo skola sarze "
    "hasta musteri kullanici ogrenci hastane makine cihaz arac okul "
    "пациент клиент пользователь участник ученик студент мышь животное больница клиника машина устройство "
    "прибор школа семья партия станок"
)
"""Parted by blanks, in small letters without accents."""
IN_ONE_WORD = re.compile(
    "患者|病人|客户|顾客|顧客|用户|学生|设备|装置|機械|机器|医院|病院|動物|动物"
    "|マウス|被験者|受试者|批次|ロット|환자|고객|학생|병원|장비"
)
"""Names in scripts that do not part words, which may stand anywhere in one."""
NUMBERED = r"(?:e|n|en|s|es|er|ern|in)?[ks]?(?:nr|nummer|no|num|number|numero|id|ids|code|kennung|key|name)"
ENDS = "kunde|patient|proband|person|teilnehmer|tier|maschine|geraet|gerat|anlage|klinik|krankenhaus|fahrzeug"
"""Names that stand at the end of longer words, such as ``Versuchstier``."""
OF_COUNTS = frozenset(
    {"n", "nb", "count", "counts", "anzahl", "antal", "antall", "aantal", "nombre", "total", "sum", "summe"}
    | {"mean", "avg", "average", "max", "min", "per", "pro", "par", "por", "je", "share", "rate"}
)
"""Words before such a name that make it a count of entities, or an amount for each."""
_ENTITY = re.compile(rf"(?:{ENTITIES.replace(' ', '|')}|\w{{4,}}(?:{ENDS}))(?:{NUMBERED})?")
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "æ": "ae"})


def names_entity(name: str) -> bool:
    """Whether a column name reads like what rows belong to: ``lot``, ``customer id``, ``Tiernummer``."""
    words = [_plain(word) for word in words_of(name)]
    if not words or OF_COUNTS.intersection(words[:-1]) or ("number", "of") in pairwise(words):
        return False
    if IN_ONE_WORD.search(words[-1]):
        return True
    numbered = words[-1] in LAST_ID_WORDS and any(_ENTITY.fullmatch(f"{word}nr") for word in words[:-1])
    last = words[-1]
    return numbered or last in ID_WORDS or bool(_ENTITY.fullmatch(last) or NOUN_ID.fullmatch(last))


def _plain(word: str) -> str:
    """A word without accents."""
    parts = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return unicodedata.normalize("NFC", "".join(one for one in parts if not unicodedata.combining(one)))
