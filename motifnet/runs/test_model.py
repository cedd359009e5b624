"""Does a tie of a trained network cost accuracy? The folder of a run in, another run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import ModelTestConfig
from motifnet.config.train import TrainConfig
from motifnet.errors import NotOfRun
from motifnet.hypotheses import model_test as hypothesis
from motifnet.hypotheses.untyings import check_untied, ties_of
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Inputs
from motifnet.runs.job import JOBS, JobKind, RunArguments, RunData, begun
from motifnet.runs.reading import Run, read_run
from motifnet.runs.tie_tests import LATER_OPTIONS, RUN, published
from motifnet.training.device import choose_device, describe_device


def model(
    run_folder: str | Path,
    output: str | Path,
    config: ModelTestConfig | None = None,
    *,
    resume: bool = False,
    **run: Unpack[RunArguments],
) -> TieTestResult:
    """Test whether ties of the network of a run cost accuracy, and write a run folder.

    Parameters
    ----------
    run_folder : str or Path
        Of a finished run of ``train``, whose inputs are where they were.
    output : str or Path
        The run folder.
    config : ModelTestConfig, optional
        All options; the defaults of the command line if not given.
    resume : bool
        Go on with an interrupted run.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    TieTestResult
        A test of each tie.

    Raises
    ------
    MotifnetError
        If there is no such run, its network has no such tie, or an input of it has changed; nothing has been
        written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> planted = {"motif": ("CCGGAAGTGA:0.7",), "n_targets": 100, "length": 40}
    >>> made = motifnet.simulate("made", SimulateConfig().with_options("simulation", **planted))
    >>> quick = TrainConfig().with_options("training", max_epochs=1).with_options("split", cross_fit_below=0)
    >>> trained = motifnet.train("made/targets.fa", "run", quick)
    >>> asked = ModelTestConfig().with_options("untying", untie=("strand",), n_seeds=1)
    >>> found = model("run", "test", asked)
    >>> [one.subject for one in found.tests]
    ['strand']
    """
    tested = read_run(run_folder)
    trained = _train_config(tested)
    given = {RUN: [Path(run_folder) / Output.RECORD]}
    with begun("test model", output, config or ModelTestConfig(), given, resume=resume, **run) as job:
        job.config.testing.tell_idle("seed", since="the seed of the run is taken")
        job.progress.log(f"device: {describe_device(choose_device(trained.training.device))}")
        with job.stage("read"):
            composed = tested.data.of_kind
            dataset, background = composed.dataset, composed.summary.background
        job.uses(str(tested.data.digest))
        untie = job.config.untying.untie or tuple(ties_of(trained, dataset.tasks))
        check_untied(untie, trained, dataset.tasks)
        job.settle("untying", untie=tuple(dict.fromkeys(untie)))
        options = job.config
        job.keep(but=LATER_OPTIONS)
        with job.stage("test"):
            tests = hypothesis.model(
                dataset,
                background,
                trained,
                options.untying.untie,
                n_seeds=options.untying.n_seeds,
                alpha=options.testing.alpha,
                margin=options.testing.margin,
                workspace=job.folder,
                progress=job.progress,
            )
        return published(job, "model", tests, options.testing.margin)


def _train_config(run: Run) -> TrainConfig:
    if not isinstance(run.config, TrainConfig):
        raise NotOfRun(run.path, run.job, "network")
    return run.config


def _again(inputs: Inputs, config: ModelTestConfig) -> RunData:
    """What the network was trained on."""
    return read_run(inputs[RUN][0].parent).data


JOBS.register("test model")(JobKind(ModelTestConfig, _again))
