"""One view a table over the files that count, in a DuckDB of its own that can read nothing else and write nothing.

`machine.statements` holds what the coder found; `statements` is the same with people's reviews applied (see
`communique.archive.reviews`). Queries from outside pass `check_sql` first: one SELECT, no function that opens files.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset

from communique.archive.log import Snapshot
from communique.archive.schema import BATCHES, SCHEMA, TABLES
from communique.archive.storage import DataFile, Storage, first_line
from communique.errors import ArchiveError, InputError

MEMORY = "1500MB"
SECONDS = 60.0
HIDDEN = {"signatures"}
ALLOWED_FUNCTIONS = {
    "unnest",
    "range",
    "generate_series",
    "generate_subscripts",
    "repeat",
    "repeat_row",
    "json_each",
    "json_tree",
}


def open_views(
    storage: Storage, snapshot: Snapshot, memory: str = MEMORY, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """A locked-down DuckDB with a view for every table in schema `machine`, and the log of batches as `batches`."""
    connection = duckdb.connect(":memory:", config={"threads": threads} if threads else {})
    connection.execute("CREATE SCHEMA machine")
    connection.execute("CREATE SCHEMA internal")
    dead = [r for records in snapshot.dead.values() for r in records]
    connection.register("given_dead", pa.table({"record": pa.array(dead, pa.int64())}))
    connection.execute("CREATE TABLE internal.dead AS SELECT DISTINCT record FROM given_dead")
    connection.unregister("given_dead")
    log = [
        {name: getattr(b, name) for name in ("seq", "batch", "kind", "at", "by", "schema", "note")}
        for b in snapshot.history
    ]
    columns = pa.schema([BATCHES.field(name) for name in ("seq", "batch", "kind", "at", "by", "schema", "note")])
    connection.register("given_log", pa.Table.from_pylist(log, schema=columns))
    connection.execute("CREATE TABLE batches AS SELECT * FROM given_log")
    connection.unregister("given_log")
    for table in TABLES:
        _create_view(connection, storage, snapshot, table)
    _create_stored_documents(connection, storage, snapshot)
    if storage.local is not None:
        connection.execute(f"SET allowed_directories=[{_quoted(str(storage.local) + '/')}]")
    for setting in (
        f"memory_limit={_quoted(memory)}",
        "temp_directory=''",
        "parquet_metadata_cache=true",
        "python_enable_replacements=false",
        "autoinstall_known_extensions=false",
        "autoload_known_extensions=false",
        "enable_external_access=false",
    ):
        connection.execute(f"SET {setting}")
    return connection


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """No setting can be changed from here on."""
    connection.execute("SET lock_configuration=true")


def _create_view(connection: duckdb.DuckDBPyConnection, storage: Storage, snapshot: Snapshot, table: str) -> None:
    columns = TABLES[table].names
    connection.register("given_none", TABLES[table].empty_table())
    connection.execute(f"CREATE TABLE internal.no_{table} AS SELECT * FROM given_none")
    connection.unregister("given_none")
    groups: dict[tuple[int, bool], list[DataFile]] = {}
    for batch in snapshot.batches.values():
        replaced = batch.batch in snapshot.dead and "record" in columns
        for file in batch.files:
            if file.table == table:
                groups.setdefault((batch.schema, replaced), []).append(file)
    parts = []
    for (schema, replaced), files in sorted(groups.items(), key=lambda g: g[0]):
        source = _source(connection, storage, table, files, f"{table}_{schema}_{int(replaced)}")
        part = f"SELECT * FROM {source}"
        parts.append(part + " ANTI JOIN internal.dead USING (record)" if replaced else part)
    if any(schema != SCHEMA for schema, _ in groups):
        parts.append(f"SELECT * FROM internal.no_{table}")  # columns that older files lack are NULL
        body = " UNION ALL BY NAME ".join(parts)
    else:
        body = " UNION ALL ".join(parts) or f"SELECT * FROM internal.no_{table}"
    listed = ", ".join(
        f'"{c}"'
        for c in [*(c for c in columns if c not in ("record", "n")), *(c for c in columns if c in ("record", "n"))]
    )
    schema_name = "internal" if table in HIDDEN else "machine"
    try:
        connection.execute(f"CREATE VIEW {schema_name}.{table} AS SELECT {listed} FROM ({body})")
    except (duckdb.Error, OSError) as error:
        raise ArchiveError(_damaged(error)) from None


def _create_stored_documents(connection: duckdb.DuckDBPyConnection, storage: Storage, snapshot: Snapshot) -> None:
    """The documents that count, each with the batch that brought it, for those who add."""
    files = snapshot.files("documents")
    if files:
        source = _source(connection, storage, "documents", files, "documents_and_batches", batches=True)
        connection.execute(
            f"CREATE VIEW internal.stored_documents AS SELECT * FROM {source} ANTI JOIN internal.dead USING (record)"
        )


def _source(
    connection: duckdb.DuckDBPyConnection,
    storage: Storage,
    table: str,
    files: Sequence[DataFile],
    name: str,
    batches: bool = False,
) -> str:
    """What stands for files in FROM; with `batches`, a column tells the batch, that is the folder, a row is from."""
    if storage.local is not None:
        folder = storage.local / table
        listed = ", ".join(_quoted(str(folder / f.path)) for f in files)
        return f"read_parquet([{listed}], hive_partitioning={str(batches).lower()}, hive_types_autocast=false)"
    # DuckDB reads object stores only with an extension that it would have to download; Arrow reads them as they are.
    dataset = pyarrow.dataset.dataset(
        [f.path for f in files],
        filesystem=storage.files(table),
        format="parquet",
        partitioning=pyarrow.dataset.partitioning(pa.schema([("batch", pa.string())]), flavor="hive")
        if batches
        else None,
    )
    # A registered table is known to one cursor only, a view over the dataset to all of them.
    connection.execute("USE internal")
    connection.from_arrow(dataset).create_view(name)
    connection.execute("USE main")
    return f"internal.{name}"


def check_sql(sql: str) -> None:
    """Refuse what is not one SELECT over the views.

    Raises:
        InputError: the text is no SQL, more than one statement, not a SELECT, or calls a function that reads files.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise InputError(f"SQL: {first_line(error)}") from None
    if len(statements) != 1:
        raise InputError(f"SQL: one SELECT is expected, not {len(statements)} statements; send them one by one")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise InputError("SQL: only SELECT is allowed; an archive is changed with communique add and review")
    with duckdb.connect(":memory:") as parser:
        row = parser.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise InputError(f"SQL: {tree.get('error_message', 'cannot be read')}; only SELECT is allowed")
    for function in _table_functions(tree):
        if function not in ALLOWED_FUNCTIONS:
            raise InputError(
                f"SQL: {function}() is not allowed in FROM; ask the tables "
                + ", ".join(t for t in TABLES if t not in HIDDEN)
            )


def _table_functions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "TABLE_FUNCTION":
            yield str(node["function"]["function_name"]).lower()
        for value in node.values():
            yield from _table_functions(value)
    elif isinstance(node, list):
        for value in node:
            yield from _table_functions(value)


def run(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[Any] | Mapping[str, Any] | None = None,
    seconds: float = SECONDS,
) -> pa.Table:
    """The answer to a query.

    Raises:
        InputError: the query is wrong, or took too long or too much memory.
        ArchiveError: a file of the archive cannot be read.
    """
    cursor = connection.cursor()
    try:
        with reported(cursor, seconds):
            return cursor.sql(sql, params=parameters).to_arrow_table()
    finally:
        cursor.close()


@contextmanager
def reported(cursor: duckdb.DuckDBPyConnection, seconds: float = SECONDS) -> Iterator[None]:
    """Stop what a cursor does after so many seconds, and say what went wrong as errors of ours; see `run`."""
    try:
        with time_limit(cursor, seconds):
            yield
    except duckdb.InterruptException:
        raise InputError(f"SQL: stopped after {seconds:g} seconds; ask for less, or raise the time limit") from None
    except duckdb.OutOfMemoryException:
        raise InputError("SQL: needs more memory than allowed; ask for fewer rows or columns") from None
    except (duckdb.IOException, duckdb.HTTPException, duckdb.SerializationException, OSError) as error:
        raise ArchiveError(_damaged(error)) from None
    except duckdb.Error as error:
        # A broken page gives an error without a class of its own; wrong SQL never does.
        if type(error) is duckdb.Error:
            raise ArchiveError(_damaged(error)) from None
        if "parquet" in str(error).lower() and not isinstance(error, duckdb.CatalogException | duckdb.BinderException):
            raise ArchiveError(_damaged(error)) from None
        raise InputError(f"SQL: {first_line(error)}") from None


def _damaged(error: BaseException) -> str:
    return f"a file of the archive cannot be read ({first_line(error)}); run communique archive check"


@contextmanager
def time_limit(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt a query after so many seconds."""
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
