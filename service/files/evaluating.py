"""Compare the devices of a CSV file with the truth of another."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.model import Key
from matching.results.evaluation import Scores, score
from service.core.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores over the records that both files name, and how many only one of them names."""

    scores: Scores
    only_truth: int
    only_clusters: int


def evaluate_files(truth: Path, clusters: Path) -> Evaluation:
    """
    Score `clusters` (provider, id, device_id) against `truth` (provider, id, device).

    Raises:
        BadRequest: A file cannot be read or is malformed, with the line; or the files have no record in common.
    """
    true, found = read_labels(truth, "device"), read_labels(clusters, "device_id")
    scores = score(true, found)
    if not scores.records:
        raise BadRequest(f"{truth} and {clusters} have no record in common")
    return Evaluation(scores, len(true) - scores.records, len(found) - scores.records)


def read_labels(path: Path, column: str) -> dict[Key, str]:
    """Read which device each record is of, from columns provider, id and `column`. Raises: BadRequest."""
    labels: dict[Key, str] = {}
    for line, (provider, record_id, label) in _rows(path, ("provider", "id", column)):
        key = Key(provider.strip(), record_id.strip())
        if not all((*key, label.strip())):
            raise BadRequest(f"{path}, line {line}: provider, id and {column} must not be empty")
        if labels.setdefault(key, label.strip()) != label.strip():
            raise BadRequest(f"{path}, line {line}: {key} is listed twice, with different devices")
    return labels


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's line and its cells of these columns."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
        if missing := [name for name in columns if name not in heading]:
            raise BadRequest(f"{path}, line 1: there is no column {' or '.join(missing)}; it needs {','.join(columns)}")
        places = [heading.index(name) for name in columns]
        for row in reader:
            if len(row) == len(heading):
                yield reader.line_num, [row[place] for place in places]
            elif row:
                raise BadRequest(
                    f"{path}, line {reader.line_num}: {len(row)} cells where the heading has {len(heading)}"
                )
    except csv.Error as error:
        raise BadRequest(f"{path}, line {reader.line_num}: no CSV: {error}") from None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadRequest(f"{path}, line {line}: not UTF-8") from None
