"""Tell the records of ordinary lines that columns alone give from those that must be read one by one after all."""

from service.columns.database import DuckDBTables
from service.columns.meanings import CARRIES, DOUBTFUL

_SAID = """
    SELECT texts.position, texts.kind, meanings.value, meanings.standing, meanings.checksum
    FROM texts JOIN meanings ON meanings.text = texts.text AND meanings.kind = texts.kind
"""
_LEFT_OUT = f"""
    SELECT position FROM fields SEMI JOIN other_types USING (type)
    UNION
    SELECT position FROM said WHERE standing = '{DOUBTFUL}'
    UNION
    SELECT carrying.position
    FROM said AS carrying
    ANTI JOIN said AS own
        ON own.position = carrying.position AND own.kind::STRING = carrying.value AND own.standing IN ('own', 'weak')
    WHERE carrying.standing = '{CARRIES}'
    UNION
    SELECT said.position
    FROM said
    JOIN own_names ON own_names.name = said.value
    JOIN fields ON fields.position = said.position
        AND fields.manufacturer IS NOT DISTINCT FROM own_names.manufacturer
        AND fields.model IS NOT DISTINCT FROM own_names.model
    WHERE said.kind = 'serial'
"""


def leave_out(tables: DuckDBTables) -> None:
    """
    Fill `said(position, kind, value, standing, checksum)`, and move lines from `fields`, `said`, `linked` to `others`.

    These are the lines of what is no device, and those of which a value depends on more than its own text: it may stand
    in for one that the record lacks, or be its own maker's name.
    """
    tables.table("said", _SAID)
    tables.table("left_out", _LEFT_OUT)
    execute = tables.connection.execute
    execute("INSERT INTO others SELECT position, length, 0 FROM fields SEMI JOIN left_out USING (position)")
    for name in ("fields", "said", "linked"):
        execute(f"DELETE FROM {name} USING left_out WHERE left_out.position = {name}.position")
