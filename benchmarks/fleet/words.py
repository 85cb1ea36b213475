"""Words that names are made of."""


def _words(text: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(separator))


SURNAMES = _words(
    "Abbott Baker Carver Dawson Ellis Fischer Grant Hartmann Iverson Jansen Keller Lorenz Marsh Novak Okafor Palmer "
    "Quinn Reuter Sandoval Thorne Ulrich Vasquez Whitfield Yates Zimmermann Brandt Cole Drummond Eriksen Foley "
    "Garner Holt Ingram Joyce Kemp Lang Moreau Nolan Osborne Pryce Rossi Sharma Tanner Underhill Vogel Walsh"
)
PLACES = _words(
    "Avon Bremen Calder Denver Essex Fulda Geneva Halifax Ipswich Jena Kiel Leeds Mainz Norwich Oxford Perth"
)
TRADES = _words(
    "Dental|Legal|Logistics|Accounting|Architects|Engineering|Foods|Insurance|Printing|Motors|Medical Group|Realty|"
    "Plumbing|Packaging|Consulting|Hotels|Clinic|Care Homes|Schools Trust|Steel|Timber|Textiles|Vets|Wines",
    "|",
)
LEGAL = ("Ltd", "Limited", "LLC", "Inc.", "GmbH", "GmbH & Co. KG", "LLP", "PLC", "Pty Ltd", "B.V.", "")
PEOPLE = _words(
    "kim sam alex maria jo peter anna lukas nina tom eva paul lea max julia ben sara jan mia leon clara omar ravi ines "
    "hugo yuki dora finn greta ivan karl lena"
)
GENERIC_SERVERS = _words(
    "SERVER SERVER01 SRV01 SRV-DC01 DC01 DC02 FS01 FILESERVER EXCHANGE SQL01 SQLSERVER TS01 RDS01 APP01 BACKUP "
    "HV01 PRINTSRV DC1 SBS2011"
)
BRAND_STARTS = _words(
    "Alti Brio Corvo Delta Eno Fluvi Gala Helio Indi Juno Kairo Lumi Medi Novo Opti Prime Quanta Rapi Solvi"
)
BRAND_ENDS = _words("a core dex flow gen line mark net on point rix sense tek via ware xis zen")
