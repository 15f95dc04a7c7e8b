"""Units of measure for machines: the codes of UN/ECE Recommendation 20 for common names."""

from __future__ import annotations

_ONE = "C62"

# One unit a line: its code, and what people call it in the languages of the paper.
_TABLE = """\
H87 pc pcs piece pieces stk stück pièce pièces pce pz pezzo pezzi stuk stuks ud uds un szt sztuka
HUR h hr hrs hour hours std stunde stunden heure heures ora ore uur uren hora horas godz godzina
MIN min minute minutes minuten minuto minutos minuti minuut minuta
DAY d day days tag tage jour jours giorno giorni día días dia dias dag dagen dzień dni
WEE week weeks woche wochen semaine semaines settimana settimane semana semanas weken tydzień
MON month months monat monate mois mese mesi mes meses mês maand maanden miesiąc
ANN year years jahr jahre an ans année années anno anni año años ano anos jaar rok
KGM kg
GRM g gr
TNE t to tonne tonnes tonnen
MTR m
CMT cm
MMT mm
KMT km
MTK m2 m² qm sqm
MTQ m3 m³ cbm
LTR l ltr liter litre litres litro litros litri litr
KWH kwh
P1 %
"""


def _codes() -> dict[str, str]:
    rows = (line.split() for line in _TABLE.splitlines())
    return {name: code for code, *names in rows for name in names}


_CODES = _codes()


def unit_code(name: str | None) -> str:
    """The code of a unit by its name, "Std." or "m²"; that of a plain number for any other."""
    return _ONE if name is None else _CODES.get(name.strip().rstrip(".").casefold(), _ONE)
