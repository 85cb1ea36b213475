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
    SELECT components.component, usable_values.record, usable_values.kind, usable_values.number, usable_values.standing
    FROM usable_values
    JOIN components ON components.record = usable_values.record
    JOIN agreeing ON agreeing.component = components.component
    WHERE usable_values.standing IN ('own', 'weak', 'shared')
        AND (usable_values.standing = 'own' OR usable_values.kind = 'mac')
"""

# Components that have a serial as long as those of virtual machines are.
LONG_SERIALS = """
    SELECT DISTINCT components.component
    FROM usable_values
    CROSS JOIN conflict_limits
    JOIN components ON components.record = usable_values.record
    WHERE usable_values.kind = 'serial' AND usable_values.standing = 'own'
        AND length(usable_values.value) >= conflict_limits.virtual_serial_length
"""

# What each record has: a GUID, serials, adapters.
HARDWARE_RECORDS = """
    SELECT component_values.component, component_values.record,
        max(CASE WHEN component_values.kind = 'bios_guid' THEN 1 ELSE 0 END) AS has_guid,
        max(CASE WHEN component_values.kind = 'serial' THEN 1 ELSE 0 END) AS has_serial,
        max(CASE WHEN component_values.kind <> 'mac' THEN 1 ELSE 0 END) AS is_core,
        max(CASE WHEN component_values.kind = 'mac' THEN 1 ELSE 0 END) AS has_adapters
    FROM component_values
    GROUP BY component_values.component, component_values.record
"""

HARDWARE_COUNTS = """
    SELECT hardware_records.component, sum(hardware_records.has_guid) AS guids,
        sum(hardware_records.has_serial) AS serials, sum(hardware_records.is_core) AS core,
        sum(hardware_records.has_guid * hardware_records.has_serial) AS cores_with_both,
        sum(hardware_records.has_adapters) AS adapter_lists
    FROM hardware_records
    GROUP BY hardware_records.component
"""

# The records that hold the most frequent value of each kind: all that have any, if they have one in common. A value
# without a number has one holder.
COMMON_VALUES = """
    SELECT counted.component,
        max(CASE WHEN counted.kind = 'bios_guid' THEN counted.holders ELSE 1 END) AS guid_holders,
        max(CASE WHEN counted.kind = 'serial' THEN counted.holders ELSE 1 END) AS serial_holders,
        max(CASE WHEN counted.kind = 'mac' THEN counted.holders ELSE 1 END) AS adapter_holders,
        max(CASE WHEN counted.kind = 'mac' THEN counted.own_holders ELSE 0 END) AS mac_holders
    FROM (
        SELECT component_values.component, component_values.kind, component_values.number, count(*) AS holders,
            count(CASE WHEN component_values.standing = 'own' THEN 1 END) AS own_holders
        FROM component_values
        WHERE component_values.number IS NOT NULL
        GROUP BY component_values.component, component_values.kind, component_values.number
    ) AS counted
    GROUP BY counted.component
"""

# Records without a GUID and without serials that share a MAC with one that has either.
REACHED_RECORDS = """
    SELECT reached.component, count(DISTINCT reached.record) AS reached
    FROM (
        SELECT component_values.component, component_values.record, hardware_records.is_core,
            max(hardware_records.is_core) OVER (
                PARTITION BY component_values.component, component_values.number
            ) AS is_of_core
        FROM hardware_counts
        JOIN component_values ON component_values.component = hardware_counts.component
        JOIN hardware_records ON hardware_records.record = component_values.record
        JOIN agreeing ON agreeing.component = component_values.component
        WHERE hardware_counts.core > 0 AND hardware_counts.core < agreeing.records
            AND component_values.kind = 'mac' AND component_values.standing = 'own'
            AND component_values.number IS NOT NULL
    ) AS reached
    WHERE reached.is_core = 0 AND reached.is_of_core = 1
    GROUP BY reached.component
"""

REPEATED_PROVIDERS = """
    SELECT component_records.component, component_records.provider
    FROM component_records
    GROUP BY component_records.component, component_records.provider
    HAVING count(*) > 1
"""

# The records of those that list adapters. An adapter without a number is in one list alone.
REPEATED_LISTS = """
    SELECT component_records.component, component_records.provider, component_records.record
    FROM repeated_providers
    JOIN component_records
        ON component_records.component = repeated_providers.component
        AND component_records.provider = repeated_providers.provider
    JOIN hardware_records ON hardware_records.record = component_records.record
    WHERE hardware_records.has_adapters = 1
"""

# Components in which one provider lists two records that have adapters, and none that all of its records have.
SHOWN_TWICE = """
    SELECT DISTINCT lists.component
    FROM (
        SELECT repeated_lists.component, repeated_lists.provider, count(*) AS adapter_lists
        FROM repeated_lists
        GROUP BY repeated_lists.component, repeated_lists.provider
        HAVING count(*) > 1
    ) AS lists
    LEFT JOIN (
        SELECT repeated_lists.component, repeated_lists.provider, component_values.number, count(*) AS holders
        FROM repeated_lists
        JOIN component_values ON component_values.record = repeated_lists.record
        WHERE component_values.kind = 'mac' AND component_values.number IS NOT NULL
        GROUP BY repeated_lists.component, repeated_lists.provider, component_values.number
    ) AS common
        ON common.component = lists.component AND common.provider = lists.provider
        AND common.holders >= lists.adapter_lists
    WHERE common.component IS NULL
"""

# Per component: whether one adapter is on every list, and whether GUID and serial connect all records (the core does),
# alone or with MACs. A core is connected if a record has both, or all have the same of the two.
JUDGED = """
    SELECT agreeing.component, agreeing.records, agreeing.are_hostnames_different, agreeing.is_renamed,
        repeated.component IS NULL AS is_each_of_another_provider,
        coalesce(hardware_counts.adapter_lists, 0) <= coalesce(common_values.adapter_holders, 1)
            AS is_one_adapter_on_all,
        long_serials.component IS NULL OR coalesce(common_values.adapter_holders, 1) = agreeing.records
            AS is_no_virtual_clone,
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
    LEFT JOIN long_serials ON long_serials.component = agreeing.component
    LEFT JOIN reached_records ON reached_records.component = agreeing.component
    LEFT JOIN shown_twice ON shown_twice.component = agreeing.component
    LEFT JOIN (SELECT DISTINCT repeated_providers.component FROM repeated_providers) AS repeated
        ON repeated.component = agreeing.component
    WHERE coalesce(hardware_counts.guids, 0) <= coalesce(common_values.guid_holders, 1)
        AND coalesce(hardware_counts.serials, 0) <= coalesce(common_values.serial_holders, 1)
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
    database.table("long_serials", LONG_SERIALS)
    database.table("hardware_records", HARDWARE_RECORDS)
    database.table("hardware_counts", HARDWARE_COUNTS)
    database.table("common_values", COMMON_VALUES)
    database.table("reached_records", REACHED_RECORDS)
    database.table("repeated_providers", REPEATED_PROVIDERS)
    database.table("repeated_lists", REPEATED_LISTS)
    database.table("shown_twice", SHOWN_TWICE)
    database.table("judged", JUDGED)
    database.table("conflict_free", CONFLICT_FREE)
