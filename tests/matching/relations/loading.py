"""Fill the tables of a database from identities, whichever database it is."""

from collections.abc import Iterable, Sequence

from matching.evidence.identity import Identity
from matching.relations.database import SqlDatabase
from matching.relations.numbering import number_values
from matching.relations.tables import HELD, IDENTITIES, LINKS, RECORDS, TABLES, held_rows, link_rows, record_row
from service.core.packing import packed


def in_order(identities: Iterable[Identity]) -> Sequence[Identity]:
    """Return identities in order of key: the place of each is its record's number."""
    return sorted(identities, key=lambda identity: identity.key)


def load_tables(database: SqlDatabase, identities: Iterable[Identity]) -> None:
    """Give a database the tables of some identities, with numbered values, in place of those that it had."""
    numbered = list(enumerate(in_order(identities)))
    database.load(RECORDS, TABLES[RECORDS], (record_row(record, each) for record, each in numbered))
    database.load(HELD, TABLES[HELD], (row for record, each in numbered for row in held_rows(record, each)))
    database.load(LINKS, TABLES[LINKS], (row for record, each in numbered for row in link_rows(record, each)))
    database.load(IDENTITIES, TABLES[IDENTITIES], ((record, packed(each)) for record, each in numbered))
    number_values(database)
