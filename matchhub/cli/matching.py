"""``matchhub match``, ``evaluate``, ``calibrate`` and ``train``."""

from __future__ import annotations

from pathlib import Path

import click

from matchhub.cli.acts import CommandAct, Told, act_in_steps, key_option
from matchhub.cli.console import installation, json_option, language, say, show
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.matching.calibration import ScoreTable, measure_labelled, record_calibration, table_of_answers
from matchhub.services.matching.cluster import cluster_state
from matchhub.services.matching.faults import refusing
from matchhub.services.matching.results import Answer, match_demand, match_text
from matchhub.services.matching.runs import run_match
from matchhub.services.matching.store import refresh_index
from matchhub.services.matching.training import learn
from matchhub.services.matching.training import train as train_words
from matchhub.wording import sentence
from recommender import evaluate as score_matcher
from recommender import read_corpus, read_qrels, read_queries

_file = click.Path(path_type=Path)


@click.command()
@click.option("--demand", "demand_id", type=int, help="one demand of the base, by its number")
@click.option("--text", help="a demand typed right here")
@click.option("--top", type=click.IntRange(1, 200), default=20, show_default=True)
@json_option
def match(demand_id: int | None, text: str | None, top: int, as_json: bool) -> None:
    """Match one demand, or (without arguments) every open demand and store the run."""
    if demand_id is not None and text is not None:
        raise click.UsageError("--demand and --text exclude each other")
    with installation() as runtime:
        with runtime.unit(write=False) as unit:
            refresh_index(unit)
            answered = None
            if demand_id is not None:
                answered = match_demand(unit, demand_id, top)
            elif text is not None:
                answered = match_text(unit, text, top=top)
        if answered is None:
            with runtime.unit() as unit:
                summary = run_match(unit, top)
        _tell_cluster(runtime)
    if answered is not None:
        return _show_answer(answered, as_json)
    answer = summary.to_json()
    show(answer, as_json, sentence("match_run_done", language(), **answer))


def _tell_cluster(runtime: Runtime) -> None:
    """Say that the process did itself what was meant for a cluster."""
    if runtime.settings.dask and (state := cluster_state(runtime.settings.dask)).code:
        say(state.code, address=runtime.settings.dask, detail=state.detail)
        say("cluster_done_without")


def _show_answer(answer: Answer, as_json: bool) -> None:
    lines = []
    for rank, hit in enumerate(answer.results, 1):
        lines.append(f"{rank:>3}. {hit.score:.3f}  {hit.number}  {hit.title}")
        words = [
            f"{r.demand_text}→{r.patent_text}" if r.demand_text != r.patent_text else r.demand_text
            for r in hit.reasons
            if r.feature != "gram"
        ][:6]
        lines.append("          " + "、".join(words))
    if answer.read_to:
        lines.insert(0, sentence("match_read_in_part", language(), most=answer.read_to))
    if answer.results and not answer.good:
        lines.append(sentence("match_not_good_yet", language()))
    if not answer.results:
        lines.append(sentence("match_nothing_found", language()))
    show(answer.to_json(), as_json, "\n".join(lines))


@click.command()
@click.option("--corpus", type=_file, required=True, help="JSON lines: id, title, abstract")
@click.option("--queries", type=_file, required=True, help="JSON lines: qid with keywords or text, title")
@click.option("--qrels", type=_file, required=True, help="qid 0 docid rel")
@click.option("--run", "run_file", type=_file, help="write the TREC run here")
@json_option
def evaluate(corpus: Path, queries: Path, qrels: Path, run_file: Path | None, as_json: bool) -> None:
    """Score the matcher on a labelled set."""
    with refusing():
        figures = score_matcher(read_corpus(corpus), read_queries(queries), read_qrels(qrels), run_path=run_file)
    show(figures, as_json, "\n".join(f"{name:>12}  {value}" for name, value in figures.items()))


@click.command()
@click.option("--corpus", type=_file, help="JSON lines: id, title, abstract")
@click.option("--queries", type=_file, help="JSON lines: qid with keywords or text, title")
@click.option("--qrels", type=_file, help="qid 0 docid rel")
@key_option
@json_option
def calibrate(corpus: Path | None, queries: Path | None, qrels: Path | None, key: str | None, as_json: bool) -> None:
    """Measure what a score means, from coded answers and (with the three files, kept for the page) a labelled set."""
    given = [file for file in (corpus, queries, qrels) if file is not None]
    if given and len(given) < 3:
        raise click.UsageError("--corpus, --queries and --qrels belong together")

    def act(runtime: Runtime, act: CommandAct) -> Told:
        with refusing(), runtime.unit(write=False) as unit:
            tables = [table_of_answers(unit)]
            if corpus and queries and qrels:
                name = qrels.resolve().parent.name
                grades = read_qrels(qrels)
                tables.append(measure_labelled(unit, read_corpus(corpus), read_queries(queries), grades, name))
            floor = unit.pack.pushes.floor_of(tables[0].model)
        answer = {"model": tables[0].model, "push_floor": floor, "tables": [table.to_json() for table in tables]}
        told = Told(answer, "\n\n".join("\n".join(_table_lines(table)) for table in tables))
        for table in tables[1:]:
            with runtime.unit() as unit:
                act.take(unit)
                record_calibration(unit, table)
        return told

    act_in_steps(key, act, given).show(as_json)


@click.command()
@key_option
@json_option
def train(key: str | None, as_json: bool) -> None:
    """Learn words for everybody from the matches that enterprises accepted; the worker does it every night."""

    def act(runtime: Runtime, act: CommandAct) -> Told:
        with runtime.unit(write=False) as unit:
            learned = learn(unit)
        with runtime.unit() as unit:
            act.take(unit)
            answer = train_words(unit, learned).to_json()
            return act.keep(unit, Told(answer, sentence("train_done", language(), **answer)))

    act_in_steps(key, act).show(as_json)


def _table_lines(table: ScoreTable) -> list[str]:
    told = {"set": table.name, "labels": table.labels, "firms": table.firms}
    lines = [sentence(f"calibration_{table.source}", language(), **told)]
    for step in table.steps:
        share = f"{step.precision:.2f} ({step.at_least:.2f}-{step.at_most:.2f})" if step.labels else "-"
        lines.append(f"{step.low:.2f}-{step.high:.2f}  {step.good:>5} / {step.labels:<5}  {share}")
    return lines


COMMANDS = (match, evaluate, calibrate, train)
