"""Results for people and for scripts: logos, charts, HTML pages, tables.

A report never computes a result: it renders one, such as a
:class:`~motifnet.discovery.results.RunResult`. Everything is a function to a string or to bytes: the
caller decides where it goes. There are three floors, and imports go down only:

- :mod:`motifnet.report.drawing` draws one thing: logos, trees, dot-plots, the axes and lines of charts.
  SVG is written directly; PNG and PDF are painted by matplotlib, which nothing else needs.
- :mod:`motifnet.report.charts` draws results, such as ROC curves and where sites lie;
  :mod:`motifnet.report.tables` has rows for pages and tab-separated tables for scripts.
- :mod:`motifnet.report.pages` puts them together, one HTML file a command. The report of a training run is
  made of :mod:`~motifnet.report.pages.sections`, each one file.

Below them is what all share: numbers as a reader likes them, escaping, and the names of motifs.
"""

from motifnet.caches import prepare_plot_cache

prepare_plot_cache()
