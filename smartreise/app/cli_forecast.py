"""`smartreise forecast`: how good the forecast of shared vehicles is, on a recorded history."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import msgspec
import numpy as np

from smartreise.forecast.history import History, build_history
from smartreise.model.problems import DatasetRefused

if TYPE_CHECKING:
    from smartreise.forecast.score import Score

_COLUMNS = {
    "last_updated": "int64",
    "station_id": "string",
    "num_bikes_available": "double",
    "num_docks_available": "double",
}


@click.group()
def forecast() -> None:
    """The forecast of shared vehicles: score."""


@forecast.command(name="score")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day that is played.")
@click.option("--timezone", default="Europe/Oslo", show_default=True, help="Where the stations are.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def score_command(files: tuple[Path, ...], start: datetime, timezone: str, as_json: bool) -> None:
    """Learn from what FILES hold before a day, play the rest forward, and compare with the count now and the
    station's mean for that weekday and hour.

    Columns: last_updated (epoch seconds), station_id, num_bikes_available, num_docks_available.

    \b
    Example: smartreise forecast score history.csv.gz --from 2023-05-04
    """
    from smartreise.forecast.score import score  # brings scikit-learn, which no other command should wait for

    history, day, zone = read_history(files), start.date(), _zone(timezone)
    days = max(1, int((history.instants[-1] - start.timestamp()) // 86_400) + 1)
    result: Score | None = None
    with click.progressbar(length=days, label="playing", file=sys.stderr) as progress:  # not mixed with the result
        for after_a_day in score(history, day, zone):
            result = after_a_day
            progress.update(1)
    assert result is not None  # `score` raises where there is no day to play
    if as_json:
        click.echo(msgspec.json.encode({"n": result.n, "horizons": result.horizons}).decode())
    else:
        _print(history, day, result)


def read_history(files: tuple[Path, ...]) -> History:
    """The history in CSV files, gzipped or not. Raises `DatasetRefused` for a file that holds none."""
    import pyarrow as pa  # no other command should hold it in memory
    import pyarrow.compute as pc
    import pyarrow.csv

    tables = []
    options = pyarrow.csv.ConvertOptions(column_types=_COLUMNS, include_columns=list(_COLUMNS))
    for file in files:
        try:
            table = pyarrow.csv.read_csv(file, convert_options=options)
        except (pa.ArrowInvalid, pa.ArrowKeyError, OSError, UnicodeDecodeError) as fault:
            raise DatasetRefused(f"{file}: {str(fault).splitlines()[0]}") from None
        known = pc.and_(pc.is_valid(table["last_updated"]), pc.is_valid(table["station_id"]))
        tables.append(table.filter(known))
    whole = pa.concat_tables(tables)
    return build_history(
        whole["last_updated"].to_numpy(),
        whole["station_id"].to_numpy(zero_copy_only=False).astype(np.str_),
        whole["num_bikes_available"].to_numpy(),
        whole["num_docks_available"].to_numpy(),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        raise click.BadParameter(f"{name} is no time zone", param_hint="--timezone") from None


def _print(history: History, day: date, result: Score) -> None:
    click.echo(f"{len(history.stations)} stations every {history.step_s // 60} min, played from {day}: n = {result.n}")
    click.echo(f"{'ahead':>7} {'what':>11} {'ours':>8} {'now':>8} {'hourly':>8} {'ours/now':>9}")
    for row in result.horizons:
        for name, label in (("brier_bike", "Brier bike"), ("brier_dock", "Brier dock"), ("mae", "mean error")):
            ours, now, hourly = (row[name + peer] for peer in ("", "_persistence", "_hourly"))
            if ours is None:
                continue
            ratio = f"{ours / now:9.3f}" if now else "        –"
            click.echo(f"{int(row['in_s'] or 0) // 60:>3} min {label:>11} {ours:8.4f} {now:8.4f} {hourly:8.4f} {ratio}")
    click.echo("\nreliability, 60 min ahead: chance said, share that came true, how often")
    for said, came, count in result.reliability[3600]:
        click.echo(f"  {said:5.2f}  {came:5.2f}  {count:>8}")
