"""
Components that are certainly one device, from tables: a coarser `matching.clustering.conflict_free`.

Aggregates over each component say yes only where that test would. Where they say nothing it decides, or the rule: a
component whose adapters differ, or whose hostnames do, may still be free of conflict. Nothing comes to Python.
"""

from collections.abc import Collection

from matching.clustering.conflict_free import MAX_COMPARED
from matching.model import Key
from matching.relations.database import SqlDatabase
from matching.values.embedded import SHORTEST_OF_VIRTUAL_MACHINE

COMPONENT_RECORDS = """
    SELECT sized.component, sized.record, usable_records.provider, usable_records.customer, usable_records.live,
        usable_records.hostname, usable_records.has_generic_hostname, usable_records.truncated,
        CASE WHEN usable_records.has_hostname_field THEN usable_records.hostname END AS field_hostname,
        CASE WHEN decided.provider IS NULL THEN 0 ELSE 1 END AS is_decided
    FROM (
        SELECT components.component, components.record,
            count(*) OVER (PARTITION BY components.component) AS records
        FROM components
    ) AS sized
    JOIN usable_records ON usable_records.record = sized.record
    LEFT JOIN decided ON decided.provider = usable_records.provider AND decided.id = usable_records.id
    WHERE sized.records > 1
"""

# What the records say but for hardware: nothing may differ. Hostnames may, but then more is asked of the hardware.
AGREEING = """
    SELECT component_records.component, count(*) AS records,
        count(DISTINCT component_records.provider) AS providers,
        coalesce(min(component_records.hostname) <> max(component_records.hostname), FALSE) AS are_hostnames_different,
        coalesce(min(component_records.field_hostname) <> max(component_records.field_hostname), FALSE) AS is_renamed
    FROM component_records
    GROUP BY component_records.component
    HAVING max(component_records.is_decided) = 0
        AND coalesce(min(component_records.customer) = max(component_records.customer), TRUE)
        AND min(component_records.live) = max(component_records.live)
        AND count(component_records.truncated) = 0
        AND count(
            CASE WHEN component_records.has_generic_hostname AND component_records.hostname IS NOT NULL THEN 1 END
        ) = 0
"""

COMPONENT_VALUES = """
    SELECT component_records.component, component_records.record, component_records.provider,
        usable_values.kind, usable_values.value, usable_values.standing
    FROM usable_values
    JOIN component_records ON component_records.record = usable_values.record
    WHERE usable_values.standing = 'own'
        OR (usable_values.kind = 'mac' AND usable_values.standing IN ('weak', 'shared'))
"""

# What each record has: a GUID, serials, adapters.
HARDWARE_RECORDS = """
    SELECT component_values.component, component_values.record, component_values.provider,
        max(CASE WHEN component_values.kind = 'bios_guid' THEN 1 ELSE 0 END) AS has_guid,
        max(CASE WHEN component_values.kind = 'serial' THEN 1 ELSE 0 END) AS has_serial,
        max(CASE WHEN component_values.kind IN ('bios_guid', 'serial') THEN 1 ELSE 0 END) AS is_core,
        max(CASE WHEN component_values.kind = 'mac' THEN 1 ELSE 0 END) AS has_adapters
    FROM component_values
    GROUP BY component_values.component, component_values.record, component_values.provider
"""

HARDWARE_COUNTS = """
    SELECT hardware_records.component, sum(hardware_records.has_guid) AS guids,
        sum(hardware_records.has_serial) AS serials, sum(hardware_records.is_core) AS core,
        sum(hardware_records.has_guid * hardware_records.has_serial) AS cores_with_both,
        sum(hardware_records.has_adapters) AS adapter_lists
    FROM hardware_records
    GROUP BY hardware_records.component
"""

# The records that hold the most frequent value of each kind: all that have any, if they have one in common.
COMMON_VALUES = """
    SELECT counted.component,
        max(CASE WHEN counted.kind = 'bios_guid' THEN counted.holders ELSE 0 END) AS guid_holders,
        max(CASE WHEN counted.kind = 'serial' THEN counted.holders ELSE 0 END) AS serial_holders,
        max(CASE WHEN counted.kind = 'mac' THEN counted.holders ELSE 0 END) AS adapter_holders,
        max(CASE WHEN counted.kind = 'mac' THEN counted.own_holders ELSE 0 END) AS mac_holders,
        max(CASE WHEN counted.kind = 'serial' THEN length(counted.value) ELSE 0 END) AS longest_serial
    FROM (
        SELECT component_values.component, component_values.kind, component_values.value, count(*) AS holders,
            count(CASE WHEN component_values.standing = 'own' THEN 1 END) AS own_holders
        FROM component_values
        GROUP BY component_values.component, component_values.kind, component_values.value
    ) AS counted
    GROUP BY counted.component
"""

# Records without a GUID and without serials that share a MAC with one that has either.
REACHED_RECORDS = """
    SELECT reached.component, count(DISTINCT reached.record) AS reached
    FROM (
        SELECT component_values.component, component_values.record, hardware_records.is_core,
            max(hardware_records.is_core) OVER (
                PARTITION BY component_values.component, component_values.value
            ) AS is_of_core
        FROM component_values
        JOIN hardware_records ON hardware_records.record = component_values.record
        WHERE component_values.kind = 'mac' AND component_values.standing = 'own'
    ) AS reached
    WHERE reached.is_core = 0 AND reached.is_of_core = 1
    GROUP BY reached.component
"""

# Components in which one provider lists two records that have adapters, and none that all of its records have.
SHOWN_TWICE = """
    SELECT DISTINCT lists.component
    FROM (
        SELECT hardware_records.component, hardware_records.provider,
            sum(hardware_records.has_adapters) AS adapter_lists
        FROM hardware_records
        GROUP BY hardware_records.component, hardware_records.provider
    ) AS lists
    JOIN (
        SELECT counted.component, counted.provider, max(counted.holders) AS adapter_holders
        FROM (
            SELECT component_values.component, component_values.provider, component_values.value, count(*) AS holders
            FROM component_values
            WHERE component_values.kind = 'mac'
            GROUP BY component_values.component, component_values.provider, component_values.value
        ) AS counted
        GROUP BY counted.component, counted.provider
    ) AS common ON common.component = lists.component AND common.provider = lists.provider
    WHERE common.adapter_holders < lists.adapter_lists
"""

# Per component: whether one adapter is on every list, and whether GUID and serial connect all records (the core does),
# alone or with MACs. A core is connected if a record has both, or all have the same of the two.
JUDGED = """
    SELECT agreeing.component, agreeing.records, agreeing.are_hostnames_different, agreeing.is_renamed,
        agreeing.providers = agreeing.records AS is_each_of_another_provider,
        coalesce(common_values.adapter_holders = hardware_counts.adapter_lists, TRUE) AS is_one_adapter_on_all,
        coalesce(
            common_values.longest_serial < conflict_limits.virtual_serial_length
                OR common_values.adapter_holders = agreeing.records,
            TRUE
        ) AS is_no_virtual_clone,
        coalesce(hardware_counts.core, 0) = agreeing.records AND cores.is_connected AS is_connected_by_core,
        coalesce(common_values.mac_holders = agreeing.records, FALSE)
            OR (
                coalesce(hardware_counts.core, 0) > 0 AND cores.is_connected
                AND hardware_counts.core + coalesce(reached_records.reached, 0) = agreeing.records
            ) AS is_connected,
        shown_twice.component IS NOT NULL AS is_shown_twice,
        agreeing.records <= conflict_limits.most_compared AS is_compared
    FROM agreeing
    CROSS JOIN conflict_limits
    LEFT JOIN hardware_counts ON hardware_counts.component = agreeing.component
    LEFT JOIN (
        SELECT hardware_counts.component,
            hardware_counts.cores_with_both > 0 OR hardware_counts.guids = 0 OR hardware_counts.serials = 0
                AS is_connected
        FROM hardware_counts
    ) AS cores ON cores.component = agreeing.component
    LEFT JOIN common_values ON common_values.component = agreeing.component
    LEFT JOIN reached_records ON reached_records.component = agreeing.component
    LEFT JOIN shown_twice ON shown_twice.component = agreeing.component
    WHERE coalesce(common_values.guid_holders = hardware_counts.guids, TRUE)
        AND coalesce(common_values.serial_holders = hardware_counts.serials, TRUE)
"""

CONFLICT_FREE = """
    SELECT judged.component
    FROM judged
    WHERE
        CASE
            WHEN judged.are_hostnames_different
                THEN judged.is_each_of_another_provider AND judged.is_one_adapter_on_all AND judged.is_no_virtual_clone
                    AND judged.is_compared
                    AND CASE WHEN judged.is_renamed THEN judged.is_connected_by_core ELSE judged.is_connected END
            WHEN judged.is_one_adapter_on_all THEN TRUE
            ELSE judged.is_compared AND judged.is_connected AND NOT judged.is_shown_twice
        END
"""


def find_conflict_free(database: SqlDatabase, decided: Collection[Key]) -> None:
    """
    Make `conflict_free`, the components of two or more records that are certainly one device.

    It reads what `make_usable` and `find_components` made. Every component that it names is free of conflict by
    `matching.clustering.conflict_free` as well.

    Args:
        decided: The keys of all records that a decision names.
    """
    database.load("decided", "provider STRING, id STRING", sorted(decided))
    limits = [(MAX_COMPARED, SHORTEST_OF_VIRTUAL_MACHINE)]
    database.load("conflict_limits", "most_compared BIGINT, virtual_serial_length BIGINT", limits)
    database.table("component_records", COMPONENT_RECORDS)
    database.table("agreeing", AGREEING)
    database.table("component_values", COMPONENT_VALUES)
    database.table("hardware_records", HARDWARE_RECORDS)
    database.table("hardware_counts", HARDWARE_COUNTS)
    database.table("common_values", COMMON_VALUES)
    database.table("reached_records", REACHED_RECORDS)
    database.table("shown_twice", SHOWN_TWICE)
    database.table("judged", JUDGED)
    database.table("conflict_free", CONFLICT_FREE)
