"""
The tables. Records are what providers said; memberships, devices, reviews and shared values follow from them.

JSON stands in text columns, in one canonical spelling, so that rows can be compared without parsing the JSON.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from service.store.database.types import Number, String, UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),  # grows with every transaction that changes records or devices
    Column("engine", Integer, nullable=False),  # `Rules` by which `identifiers` and `blocking_keys` are made
    Column("defaults", String(64), nullable=False),
)
"""One row."""

records = Table(
    "records",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),  # within this store: what indexes name a record by
    Column("provider", String(200), nullable=False),
    Column("record_id", String(200), nullable=False),
    Column("payload", Text, nullable=False),  # the feed record
    Column("content_hash", String(64), nullable=False),  # SHA-256 of the payload
    Column("terms", LargeBinary, nullable=False),  # its checksums in `identifiers`, packed
    Column("seen_at", UtcTime),  # when the provider says that it last saw the device; absent where it does not say
    Column("first_seen_at", UtcTime, nullable=False),  # when the feed first returned the record
    Column("changed_at", UtcTime, nullable=False),  # when the feed first returned it as it is now
    Column("returned_at", UtcTime, nullable=False),  # when the feed last returned it
    Column("company_id", String(200)),  # the provider's id of the company, by which keys are bound (`visibility`)
    UniqueConstraint("provider", "record_id"),
    Index(None, "provider", "company_id"),
)

devices = Table(
    "devices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("golden", Text, nullable=False),  # golden values by field
    Column("provenance", Text, nullable=False),  # where each golden value came from (`provenance`)
    Column("company_key", Text),  # case-folded company, for filters
    Column("type_key", Text),  # case-folded type, for filters
    Column("search_text", Text, nullable=False),  # case-folded names and serial, for text search
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("last_seen_at", UtcTime),  # absent where no record says when it was seen
    Column("has_conflict", Boolean, nullable=False),  # its records differ on hardware
    Index(None, "company_key", "id"),
    Index(None, "type_key", "id"),
    # all that devices are filtered by (`device_filters`), in the order of lists
    Index(
        *("ix_devices_filters", "id", "company_key", "type_key", "is_active", "has_conflict"),
        *("last_seen_at", "updated_at"),
    ),
)

memberships = Table(
    "memberships",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("record_id", String(200), primary_key=True),
    Column("device_id", String(64), ForeignKey("devices.id"), nullable=False, index=True),
    Column("suppressed", Text, nullable=False),  # values of the record that are no evidence, with the reasons
    Column("record", Number, nullable=False),  # its number: the shortest way to it
    Column("blocking_keys", LargeBinary, nullable=False),  # its checksums in the table of that name, packed
    Index(None, "provider", "device_id"),  # which devices a provider lists
    # deferred: records go before the resolution that takes them out of their devices
    ForeignKeyConstraint(
        ["provider", "record_id"],
        ["records.provider", "records.record_id"],
        deferrable=True,
        initially="DEFERRED",
    ),
    sqlite_with_rowid=False,
)

identifiers = Table(
    "identifiers",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),  # checksum of a kind and value
    Column("record", Number, primary_key=True),  # its number; no foreign key: see decision 0011
    sqlite_with_rowid=False,
)
"""Everything a record can be found by. Two values may have one checksum: whoever looks up compares what records say."""

blocking_keys = Table(
    "blocking_keys",
    metadata,
    Column("blocking_key", BigInteger, primary_key=True, autoincrement=False),  # checksum of a kind and value
    Column("record", Number, primary_key=True),  # its number; no foreign key: see decision 0011
    sqlite_with_rowid=False,
)
"""
Where records may meet under the calibration in force: a row a record and value that could join it to another.

A component is what hangs together by these. Two values with one checksum make a component larger, never smaller.
"""

calibrations = Table(
    "calibrations",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("status", String(20), nullable=False),  # `CalibrationStatus`
    Column("at", UtcTime, nullable=False),
    Column("of_version", Integer, nullable=False),  # `state.version` of the records that taught it
    Column("policy", String(64), nullable=False),  # SHA-256 of the policy that blocking keys are made under
    Column("engine", Integer, nullable=False),  # `Rules` it was measured under, and devices follow from
    Column("defaults", String(64), nullable=False),
    Column("body", Text, nullable=False),  # the calibration itself
    Column("digest", String(64), nullable=False),  # SHA-256 of all in it that decides anything
    Column("report", Text, nullable=False),  # what it changed, or would change
    Index(None, "status"),
)
"""At most one is in force, and at most one is held; the body of one that is over is empty."""

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("verdict", String(20), nullable=False),  # same or different
    # no foreign keys: a decision outlives a record that goes and comes back
    Column("left_provider", String(200), nullable=False),
    Column("left_id", String(200), nullable=False),
    Column("right_provider", String(200), nullable=False),
    Column("right_id", String(200), nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("revoked_by", Text),
    Column("revoked_why", Text),
    Column("proposed", String(20)),  # the verdict that a review about the two records proposed at the time
    Column("review", String(64), index=True),  # that review, which was open at the time
    Column("group_id", String(64), index=True),  # what those share that were made at once; absent for a single one
    Index(None, "at"),
    Index(None, "left_provider", "left_id"),
    Index(None, "right_provider", "right_id"),
)
"""What people decided, never deleted: a decision that no longer stands is revoked."""

retired_devices = Table(
    "retired_devices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("successor", String(64), ForeignKey("devices.id"), index=True),  # always a live device, or none
    Column("why", Text, nullable=False),
    Column("retired_at", UtcTime, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("what", String(20), nullable=False),  # created, changed, merged, split or retired
    Column("detail", Text, nullable=False),
    Column("by", Text),  # who made the change: the name of an API key or of a user; absent where nobody is known
    Column("key_id", String(64)),  # the API key, where one was shown
    Index(None, "device_id", "seq"),
    Index(None, "what", "seq"),
)
"""
Append-only, but for those that are too old. `seq` grows by one a row, in the order of commits: a database's own counter
would not promise that.
"""

change_companies = Table(
    "change_companies",
    metadata,
    Column("company_key", Text, primary_key=True),  # as in `devices`
    Column("seq", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The company of a change's device before and after it, so that the changes of a company are found."""

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the records of both sides
    Column("reason", String(60), nullable=False),  # the weightiest ground
    Column("worth", Float, nullable=False),
    Column("body", Text, nullable=False),
    Column("provider", String(200), nullable=False),  # first record of the left side: both sides are of its component
    Column("record_id", String(200), nullable=False),
    Column("number", Integer, nullable=False, unique=True),
    Index(None, "provider", "record_id"),
)

review_numbers = Table(
    "review_numbers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("review_id", String(64), nullable=False, unique=True),
)
"""Every number that a review was ever given; none is given to another review, also when the first one is closed."""

review_records = Table(
    "review_records",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("record_id", String(200), primary_key=True),
    Column("review_id", String(64), primary_key=True),
    sqlite_with_rowid=False,
)
"""The records of both sides of each review, so that the reviews about a device are found by its records."""

shared_values = Table(
    "shared_values",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of kind and value
    Column("kind", String(40), nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("holders", Text, nullable=False),
)

untrusted_fields = Table(
    "untrusted_fields",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("pairs", Integer, nullable=False),  # record pairs that other evidence joins
    Column("agreeing", Integer, nullable=False),  # pairs of them in which the field agrees
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the row
    Column("provider", String(200), nullable=False, index=True),
    Column("record_id", Text, nullable=False),  # empty where the row has none
    Column("reason", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("first_at", UtcTime, nullable=False),
)

syncs = Table(
    "syncs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("provider", String(200), nullable=False),
    Column("mode", String(20), nullable=False),  # full, incremental or import
    Column("status", String(20), nullable=False),  # running, succeeded, failed, held or interrupted
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),  # absent while it runs
    Column("since", UtcTime),  # an incremental sync asks for rows changed after it
    Column("as_of", UtcTime),  # when the reading began, by the provider's clock where it tells: the next one asks since
    Column("resumes", String(64)),  # the sync that was interrupted, whose rows this one goes on from
    Column("cursor", Text),  # where a sync that was interrupted goes on; absent where it has to start anew
    Column("expected", Integer),  # rows that the provider announced; absent where it does not say
    Column("read", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("same", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("error", Text),  # why it failed or is held
    Column("by", Text),  # who began it: the name of an API key or of a user; absent where nobody is known
    Column("key_id", String(64)),  # the API key, where one was shown
    Index(None, "provider", "started_at"),
)

leases = Table(
    "leases",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("sync_id", String(64), nullable=False),
    Column("holder", Text, nullable=False),  # who syncs, for a person to read
    Column("expires_at", UtcTime, nullable=False),
    # the process that syncs (`service.core.processes.Process`); absent where the platform does not say
    Column("boot_id", String(64)),
    Column("pid_namespace", String(64)),
    Column("pid", Integer),
    Column("start_ticks", BigInteger),
)
"""Who syncs a provider now; one whose time is over, or whose process is gone, may be taken by another."""

arrivals = Table(
    "arrivals",
    metadata,
    Column("sync_id", String(64), ForeignKey("syncs.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),  # counts the rows of a sync
    Column("record_id", Text, nullable=False),  # empty where the row has none
    Column("payload", Text, nullable=False),  # the feed record, or what could not be read
    Column("reason", Text),  # why no record could be made of it; absent for a record
    Column("gone", Text),  # why the record is to go: deleted at the provider, or no longer selected
)
"""What an unfinished sync has read so far; it becomes records all at once, at the end."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),  # SHA-256; the token itself is nowhere
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),  # to the minute
    Column("revoked_at", UtcTime),
    Column("scopes", Text),  # JSON list; absent for a key that was made before there were scopes: it may do everything
    Column("providers", Text),  # JSON list of those whose records it may write; absent: it is not bound to any
    Column("expires_at", UtcTime),  # absent: never
    Column("former_hash", String(64), unique=True),  # of the token before the last rotation
    Column("former_until", UtcTime),  # how long that one holds
    Column("customers", Text),  # JSON list of `provider:company_id` whose records alone it sees; absent: it sees all
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),  # SHA-256 of its id, which its cookie alone holds
    Column("token_hash", String(64), nullable=False),  # of the token it was begun with, as in `api_keys`
    Column("begun_at", UtcTime, nullable=False, index=True),
    Column("seen_at", UtcTime, nullable=False),  # to the minute
)
"""Sessions of people at the console."""

forgotten_users = Table(
    "forgotten_users",
    metadata,
    Column("name_hash", String(64), primary_key=True),  # `service.core.user_names.hash_of`
    Column("salt", String(64), nullable=False),  # the same in all rows
    Column("forgotten_at", UtcTime, nullable=False),
)
"""Names of last users that are not stored any more (`samebox forget`)."""

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", String(200), primary_key=True),  # the id of an API key; empty where none is asked for
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),  # SHA-256 of method, path, query and payload
    Column("status", Integer, nullable=False),
    Column("location", Text),  # the header `Location` of the answer; absent where it had none
    Column("body", Text, nullable=False),
    Column("stored_at", UtcTime, nullable=False, index=True),
)
"""The first answers to requests that were sent with an idempotency key, each stored with what its request wrote."""

report_runs = Table(
    "report_runs",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("as_of", UtcTime, nullable=False),  # the moment that all its reports saw
    Column("position", Integer, nullable=False),  # the last change of the feed that they saw
    Column("ended_at", UtcTime, nullable=False),
)
"""The last batch of reports of each name whose files were all in place, from which on the next one counts."""
