"""Results for people and for scripts: logos, charts, one HTML page, tables.

A report never computes a result: it renders a :class:`~motifnet.discovery.results.RunResult`.
Logos and charts are written directly as SVG (:mod:`motifnet.report.logo`,
:mod:`motifnet.report.figures`), logos as PNG and PDF as well (:mod:`motifnet.report.painting`, which
alone needs matplotlib); the page (:mod:`motifnet.report.html`) is made of sections, each
one file in :mod:`motifnet.report.sections`; :mod:`motifnet.report.tables` gives the same numbers
as text. Everything is a function to a string or to bytes: the caller decides where it goes.
"""

from motifnet.caches import prepare_plot_cache

prepare_plot_cache()
